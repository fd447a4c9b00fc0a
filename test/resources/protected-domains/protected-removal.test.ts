/** What is taken away where nothing is to be protected any more, and when it is not. */
import test from 'ava';
import { HostError } from '../../../src/core/failure.ts';
import { protectedDomainsResource } from '../../../src/resources/protected-domains/protected-domains.ts';
import { readProtected } from '../../../src/resources/protected-domains/protected-found.ts';
import { LIST, RULES } from '../../../src/resources/protected-domains/protected-wanted.ts';

const WANTED = { playbook: 'kvm.yml', domains: [], operators: ['libvirt'] };

const POLKIT = 'access_drivers = [ "polkit" ]\n';

/** As the probe prints it: protected by hookfleet, which has set access_drivers. */
function printed({
  conf = `a = 1\n${POLKIT}`,
  kept = {},
  grants = true,
  extra = '',
}: {
  readonly conf?: string | undefined;
  readonly kept?: Readonly<Record<string, string | undefined>>;
  readonly grants?: boolean;
  readonly extra?: string;
}): string {
  const before = {
    playbook: 'kvm.yml\n',
    'list.none': '',
    'rules.none': '',
    'libvirtd.before': 'a = 1\n',
    ...kept,
  };
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return [
    ...[LIST, RULES].map(path => `F\t81a4\troot\troot\t.${path}`),
    ...(grants ? ['H'] : []),
    ...Object.entries(before).flatMap(([name, text]) =>
      text === undefined ? [] : [`Z\t${name}\t${base64(text)}`],
    ),
    ...(conf === '' ? [] : [`C\tlibvirtd\t1000\t${base64(conf)}`]),
    'B',
    'U\tlibvirtd',
    'D\t2000\t7/42',
    extra,
    '',
  ].join('\n');
}

function diff(stdout: string) {
  const found = readProtected({ stdout, stderr: '', exitCode: 0 }, WANTED);
  return protectedDomainsResource.diff(WANTED, found);
}

function due(stdout: string): string[] {
  return diff(stdout).changes.map(({ action, id }) => `${action} ${id}`);
}

const ALL = [
  'restore /etc/libvirt/libvirtd.conf',
  'restart libvirtd',
  `remove ${LIST}`,
  `remove ${RULES}`,
  'forget /var/lib/hookfleet/protected-domains',
];

test('all that hookfleet has brought goes, its access_drivers first', t => {
  t.deepEqual(due(printed({})), ALL);
  t.deepEqual(due(printed({ conf: 'a = 1\naccess_drivers=["polkit"]\n' })), ALL, 'written otherwise by now');
});

for (const [what, conf] of [
  ['another value', 'a = 1\naccess_drivers = [ "none", "polkit" ]\n'],
  ['a second line', `${POLKIT}a = 1\n${POLKIT}`],
  ['a comment behind it', 'a = 1\naccess_drivers = [ "polkit" ] # site\n'],
  ['one that cannot be read', 'a = 1\naccess_drivers = [ "polkit" # site\n]\n'],
] as const) {
  test(`the rules that grant stay where libvirt would go on asking polkit: ${what}`, t => {
    const { changes, blocked } = diff(printed({ conf }));
    t.deepEqual(changes, []);
    t.regex(blocked[0]?.message ?? '', /libvirtd\.conf was edited since.*nobody but root/);
    t.deepEqual(diff(printed({ conf, grants: false })).blocked, [], 'without them nobody loses anything');
  });
}

test('where access control was on before, it stays on', t => {
  const site = { conf: POLKIT, kept: { 'libvirtd.before': undefined }, grants: false };
  t.deepEqual(due(printed(site)), ALL.slice(2));
});

test('a daemon whose configuration is gone is restarted before the rules go', t => {
  t.deepEqual(
    due(printed({ conf: '', kept: { 'libvirtd.before': undefined, 'libvirtd.none': '' } })),
    ALL.slice(1),
  );
});

test('what a removal that was killed has brought back is not taken for hookfleet’s own', t => {
  t.deepEqual(due(printed({ conf: 'a = 1\n', kept: { 'list.none': undefined } })), [
    `remove ${RULES}`,
    'forget /var/lib/hookfleet/protected-domains',
  ]);
});

test('a protected host that got VDSM since is told how to give the protection up', t => {
  const hintOf = (stdout: string) =>
    t.throws(() => readProtected({ stdout, stderr: '', exitCode: 0 }, { ...WANTED, domains: ['db-1'] }), {
      instanceOf: HostError,
    })?.failure.hint ?? '';
  t.regex(hintOf(printed({ extra: 'V' })), /^Take the protection away with `protected_domains: \[\]`, then/);
  t.regex(hintOf('V\n'), /^Take the host out of the play\./);
  t.deepEqual(due(printed({ extra: 'V' })), ALL);
});

test('what of a long list is not on the host is one note', t => {
  const wanted = { ...WANTED, domains: ['db-1', ...Array.from({ length: 9 }, (_, i) => `far-${i}`)] };
  const stdout = printed({ extra: 'I\t0a1c1a5e-8a0a-4b8e-9d6e-5d7f0a6f6a10 db-1  ' });
  const { notes } = protectedDomainsResource.diff(
    wanted,
    readProtected({ stdout, stderr: '', exitCode: 0 }, wanted),
  );
  t.deepEqual(
    notes.filter(note => note.startsWith('Not on this host')),
    [
      'Not on this host, and protected once they are there, under this name or UUID: far-0, far-1, far-2, far-3, far-4 and 4 more',
    ],
  );
});
