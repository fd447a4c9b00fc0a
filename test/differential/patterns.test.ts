import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { InputError } from '../../src/core/input-error.ts';
import type { Inventory } from '../../src/inventory/inventory.ts';
import { readLimit } from '../../src/inventory/limit.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { limitHosts, matchHosts } from '../../src/inventory/patterns.ts';
import { startAnsible } from './ansible.ts';
import { writeCase } from './compare.ts';

const HOSTS = `lone1
lone2
a,b
[web]
web[1:12]
[db]
db-a.x.org
db-b.x.org
web2
[site:children]
db
web
[empty]
[v6]
2001:db8::1
10.0.0.1
10.0.0.2
[web1]
z1
[db-group]
db-c.x.org
[x.y]
in-dotted
`;

const WRITTEN = [
  'all',
  '*',
  'ungrouped',
  'site',
  'web:db',
  'web,db',
  'db, web',
  ' web ',
  'web db',
  'web:&db',
  '&db:web',
  'web:!db',
  '!web1:web',
  '!site:!v6',
  '&web',
  '!web',
  'web:&site:!web2',
  'all:!empty',
  'web1',
  'web1:web',
  'web[0]',
  'web[-1]',
  'web[-3]',
  'web[1:2]',
  'web[2:]',
  'web[0:0]',
  'web[:2]',
  'web[0:1]:!web2',
  'web[0,2]',
  'web[1-2]',
  'site[0:2]',
  'db-*',
  '*.org',
  'lone?',
  'lone[!1]',
  'lone[12]',
  'web[a-z]',
  '~web[13]$',
  '~(?i)LONE',
  '~.*org',
  '~web1',
  '~^we',
  'db-a.x.org',
  '2001:db8::1',
  '2001:db8::1,lone2',
  'lone2:2001:db8::1',
  '10.0.0.*',
  '10.*',
  'web1*',
  'web1*:!web1',
  'w*b',
  'web:web',
  'db:web:!web2',
  'db-group',
  'x.y',
  'x.*',
  'all:!ungrouped',
  'all[0]',
  'all[-1]',
  '*[1]',
  '~db.*[0]',
  'web*[1:2]',
  'none',
  'web:none',
  'web:!none',
  'web:&none',
  'empty',
  'web:empty',
  '',
  ':',
  ',',
  '!',
  '&',
  '~(',
  'web[99]',
  'web[5:99]',
  '[',
  'web[',
  'web]',
  'localhost',
  '127.0.0.1',
  'web1.',
  'WEB',
  'lone1:lone1',
] as const;

const ansible = startAnsible();
test.after.always(() => ansible.stop());

/** What Ansible lists; null where it lists none, or refuses. */
async function listed(hosts: string, pattern: string, limit?: string): Promise<readonly string[] | null> {
  const argv = [
    'ansible',
    '-i',
    hosts,
    '--list-hosts',
    ...(limit === undefined ? [] : ['--limit', limit]),
    '--',
    pattern,
  ];
  const { code, stdout } = await ansible.ask(argv);
  const names = stdout
    .split('\n')
    .slice(1)
    .map(line => line.trim())
    .filter(line => line !== '');
  return code !== 0 || names.length === 0 ? null : names;
}

async function ours(
  inventory: Inventory,
  pattern: string,
  limit?: string,
): Promise<readonly string[] | null> {
  try {
    const hosts =
      limit === undefined
        ? matchHosts(inventory, pattern)
        : limitHosts(inventory, pattern, await readLimit(limit));
    return hosts.length === 0 ? null : hosts;
  } catch (error) {
    if (error instanceof InputError) {
      return null;
    }
    throw error;
  }
}

async function prepare(t: ExecutionContext, files: Record<string, string> = {}) {
  const folder = writeCase(t, { files: { hosts: HOSTS, ...files } });
  return { folder, file: join(folder, 'hosts'), inventory: await loadInventory([join(folder, 'hosts')]) };
}

/** Terms that match nothing are an error here, even beside others; and nothing is meant that is not written. */
const STRICTER: ReadonlySet<string> = new Set([
  'lone2:2001:db8::1',
  'web:none',
  'web:!none',
  '',
  ':',
  ',',
  '[',
  'localhost',
  '127.0.0.1',
]);

test(`${WRITTEN.length} written patterns name the hosts that Ansible names, in its order`, async t => {
  const { file, inventory } = await prepare(t);
  for (const pattern of WRITTEN) {
    const [mine, theirs] = [await ours(inventory, pattern), await listed(file, pattern)];
    if (STRICTER.has(pattern)) {
      t.is(mine, null, pattern);
      t.not(theirs, null, pattern);
    } else {
      t.deepEqual(mine, theirs, pattern);
    }
  }
});

const RANDOM_RUNS = 150;
const term = fc
  .tuple(
    fc.constantFrom('', '', '', '&', '!'),
    fc.constantFrom(
      'all',
      'web',
      'db',
      'site',
      'v6',
      'x.y',
      'ungrouped',
      'web1',
      'web2',
      'lone1',
      'web*',
      '*.org',
      'db-?.x.org',
      'w[a-f]b',
      '~web1',
      '~.*[24]$',
    ),
    fc.constantFrom('', '', '', '[0]', '[-1]', '[1:2]', '[0:]', '[0-1]'),
  )
  .map(([sign, name, positions]) => sign + name + (name.startsWith('~') ? '' : positions));

test(`${RANDOM_RUNS} patterns drawn by lot name the hosts that Ansible names`, async t => {
  const { file, inventory } = await prepare(t);
  await fc.assert(
    fc.asyncProperty(
      fc.array(term, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(':', ','),
      async (terms, comma) => {
        const pattern = terms.join(comma);
        const [mine, theirs] = [await ours(inventory, pattern), await listed(file, pattern)];
        if (mine !== null || theirs === null || !terms.some(one => matchesNothing(inventory, one))) {
          t.deepEqual(mine, theirs, pattern);
        }
      },
    ),
    { numRuns: RANDOM_RUNS },
  );
});

test('a limit keeps those hosts of a pattern that Ansible keeps, with @FILE too', async t => {
  const { folder, file, inventory } = await prepare(t, { retry: 'web3\n\ndb*\n!web2\n' });
  for (const limit of [
    'web2',
    'db:&web',
    'all:!web2',
    '~web[12]$',
    `@${join(folder, 'retry')}`,
    `web1,@${join(folder, 'retry')}`,
  ]) {
    t.deepEqual(await ours(inventory, 'site', limit), await listed(file, 'site', limit), limit);
  }
});

function matchesNothing(inventory: Inventory, one: string): boolean {
  try {
    return matchHosts(inventory, one.replace(/^[&!]/, '')).length === 0;
  } catch {
    return true;
  }
}
