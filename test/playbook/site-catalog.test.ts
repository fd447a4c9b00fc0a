import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { BUILT_IN } from '../../src/catalog/hooks.ts';
import { formatProblem, InputError } from '../../src/core/input-error.ts';
import { loadPlaybook } from '../../src/playbook/playbook.ts';
import { loadCatalog } from '../../src/playbook/site-catalog.ts';

/** A folder with the given files. */
async function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-catalog-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const read = async (t: ExecutionContext, text: string) =>
  loadCatalog(await folderWith(t, { 'own.yml': text }), true);

async function problemsOf(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await folderWith(t, files);
  const error = await t.throwsAsync(loadCatalog(folder, true), { instanceOf: InputError });
  return (error?.problems ?? []).map(problem => formatProblem(problem).replaceAll(`${folder}/`, ''));
}

const FULL = `- name: site_pool
  package: site-hook-pool
  brief: Huge pages from a pool
  summary: Takes the huge pages of a VM from a pool.
  since: 4.40.60
  files:
    - before_vm_start/50_site_pool
    - { path: after_vm_destroy/50_site_pool, mode: "0555" }
    - { path: before_vm_dehibernate/50_site_pool, link: ../before_vm_start/50_site_pool }
  other_files: [/etc/site/pool.conf, { path: /etc/sudoers.d/50_site_pool, mode: "0440" }]
  properties:
    vm: { site_pool: '^[a-z]+$', sap_agent: '^(true|false)$' }
    device: { interface: { site_port: '^[0-9]+$' } }
    network: { site_mtu: '^[0-9]+$' }
  requires: [site-pool, "vdsm >= 4.40"]
  conflicts: site-hook-old
  host_setup: Fill /etc/site/pool.conf.
  broken: Forgets the pool at a migration.
  broken_since: 4.50.1
  dangerous: Without the pool no VM starts.
  without_property: Reads its settings at every start.
  notes: [One., Two.]
`;

test('a hook has all that hookfleet’s own have', async t => {
  const catalog = await read(t, FULL);
  t.is(catalog.hooks.length, BUILT_IN.hooks.length + 1);
  t.deepEqual(catalog.find('site-hook-pool'), {
    name: 'site_pool',
    package: 'site-hook-pool',
    status: 'site',
    brief: 'Huge pages from a pool',
    summary: 'Takes the huge pages of a VM from a pool.',
    since: { vdsm: '4.40.60', ovirt: '4.4' },
    files: [
      { event: 'before_vm_start', file: '50_site_pool', mode: '0755' },
      { event: 'after_vm_destroy', file: '50_site_pool', mode: '0555' },
      { event: 'before_vm_dehibernate', file: '50_site_pool', link: '../before_vm_start/50_site_pool' },
    ],
    otherFiles: [
      { path: '/etc/site/pool.conf', mode: '0644' },
      { path: '/etc/sudoers.d/50_site_pool', mode: '0440' },
    ],
    properties: {
      vm: { site_pool: '^[a-z]+$', sap_agent: '^(true|false)$' },
      device: { interface: { site_port: '^[0-9]+$' } },
      network: { site_mtu: '^[0-9]+$' },
    },
    expressionsFrom: 'site',
    predefined: ['sap_agent'],
    requires: ['site-pool', 'vdsm >= 4.40'],
    conflicts: ['site-hook-old'],
    hostSetup: ['Fill /etc/site/pool.conf.'],
    broken: 'Forgets the pool at a migration.',
    brokenSince: '4.50.1',
    danger: 'Without the pool no VM starts.',
    refusedWhere: 'everywhere',
    withoutProperty: 'Reads its settings at every start.',
    notes: ['One.', 'Two.'],
  });
});

test('a folder of scripts is a hook too: its scripts are what is there, its path begins at the catalogue', async t => {
  const folder = await folderWith(t, {
    'catalog/own.yml':
      '- { name: audit, source: ../hooks/audit, summary: Writes down every start of a VM and more. }\n',
    'hooks/audit/before_vm_start/50_audit': '#!/bin/sh\n',
    'hooks/audit/after_vm_destroy/50_audit': '#!/bin/sh\n',
    'hooks/audit/README.md': 'x',
    'hooks/audit/tests/test.py': 'x',
  });
  const catalog = await loadCatalog(join(folder, 'catalog'), true);
  t.like(catalog.find('audit'), {
    package: 'audit',
    source: join(folder, 'hooks/audit'),
    brief: 'Writes down every start of a VM an…',
    files: [
      { event: 'after_vm_destroy', file: '50_audit', mode: '0755' },
      { event: 'before_vm_start', file: '50_audit', mode: '0755' },
    ],
  });
  t.is(catalog.folder, join(folder, 'catalog'));
});

test('all files count, in order; others, and hidden ones, are passed over', async t => {
  const one = (name: string) => `- { name: ${name}, package: p-${name}, summary: Does it. }\n`;
  const folder = await folderWith(t, {
    'b.yaml': one('two'),
    'a.yml': one('one'),
    'empty.yml': '# nothing yet\n',
    '.hidden.yml': 'x',
    'README.md': 'x',
    'old/c.yml': 'x',
  });
  const { hooks } = await loadCatalog(folder, true);
  t.deepEqual(
    hooks.slice(BUILT_IN.hooks.length).map(({ name }) => name),
    ['one', 'two'],
  );
});

test('without a folder, or with the word none, there is hookfleet’s own catalogue alone', async t => {
  const folder = await folderWith(t, { 'README.md': '' });
  t.is(await loadCatalog(join(folder, 'catalog'), false), BUILT_IN);
  t.is(await loadCatalog(folder, true), BUILT_IN);
  t.is(await loadCatalog('none', true), BUILT_IN);
  const error = await t.throwsAsync(loadCatalog(join(folder, 'catalog'), true), { instanceOf: InputError });
  t.regex(error?.message ?? '', /catalog: the catalogue cannot be read: there is no such folder/);
});

const HOOK = '- name: mine\n  package: p\n  summary: Does it.\n';

for (const [title, text, ...told] of [
  ['a mapping', 'hooks: []\n', /^own\.yml:1:1: expected a list of hooks/],
  ['broken YAML', '- name: [\n', /^own\.yml:\d+:\d+: broken YAML/],
  [
    'an unknown key',
    `${HOOK}  propertys: {}\n`,
    /^own\.yml:4:3: unknown key "propertys"\n {2}Did you mean "properties"\?/,
  ],
  [
    'a hook without a summary',
    '- name: mine\n  package: p\n',
    /^own\.yml:1:3: summary is missing: a sentence/,
  ],
  [
    'a hook from nowhere',
    '- name: mine\n  summary: Does it.\n',
    /^own\.yml:1:3: nothing says where the hook "mine" comes from/,
  ],
  [
    'a hook from two places',
    `${HOOK}  source: hooks/mine\n`,
    /^own\.yml:2:3: package is for hooks that come as packages/,
  ],
  [
    'an unknown event',
    `${HOOK}  files: [before_vm_strat/50_mine]\n`,
    /^own\.yml:4:11: unknown event.*\n {2}Did you mean "before_vm_start"\?/,
  ],
  ['a script without an event', `${HOOK}  files: [50_mine]\n`, /^own\.yml:4:11: files: expected EVENT\/NAME/],
  [
    'an expression that Java cannot read',
    `${HOOK}  properties: { vm: { a: '[' } }\n`,
    /^own\.yml:4:26: properties\.vm\.a: /,
  ],
  [
    'a name that is the environment’s',
    `${HOOK}  properties: { vm: { PATH: '^x$' } }\n`,
    /^own\.yml:4:23: a property cannot be called PATH/,
  ],
  [
    'an unknown device type',
    `${HOOK}  properties: { device: { nic: { a: '^x$' } } }\n`,
    /^own\.yml:4:27: the engine has no device type "nic"/,
  ],
  [
    'a name of hookfleet’s own',
    '- { name: diskunmap, package: p, summary: Does it. }\n',
    /^own\.yml:1:11: "diskunmap" is a hook of hookfleet's own catalogue\n {2}Give yours another name/,
  ],
  [
    'a package of hookfleet’s own',
    '- { name: mine, package: vdsm-hook-diskunmap, summary: Does it. }\n',
    /^own\.yml:1:26: "vdsm-hook-diskunmap" is the package of diskunmap/,
  ],
  [
    'the same name twice',
    `${HOOK}${HOOK.replace('package: p', 'package: q')}`,
    /^own\.yml:4:9: "mine" stands twice in the catalogue: in own\.yml, line 1 too/,
  ],
  [
    'a version that is no tag',
    `${HOOK}  since: "4.4"\n`,
    /^own\.yml:4:10: since: expected a version of VDSM/,
  ],
  [
    'a date of a defect without the defect',
    `${HOOK}  broken_since: 4.50.1\n`,
    /^own\.yml:4:3: broken_since goes with broken/,
  ],
] as const) {
  test(`the place and the reason are told of ${title}`, async t => {
    const problems = await problemsOf(t, { 'own.yml': text });
    t.is(problems.length, told.length, problems.join('\n'));
    told.forEach((pattern, i) => {
      t.regex(problems[i] ?? '', pattern);
    });
  });
}

test('a pipe is told, and not waited for', async t => {
  const folder = await folderWith(t, { 'own.yml': HOOK });
  await execa('mkfifo', [join(folder, 'pipe.yml')]);
  const error = await t.throwsAsync(loadCatalog(folder, true), { instanceOf: InputError });
  t.regex(error?.problems[0]?.message ?? '', /cannot be read: it is no regular file/);
});

test('a name in two files is told where the second stands', async t => {
  const problems = await problemsOf(t, { 'a.yml': HOOK, 'b.yml': HOOK.replace('package: p', 'package: q') });
  t.deepEqual(problems.length, 1);
  t.regex(problems[0] ?? '', /^b\.yml:1:9: "mine" stands twice in the catalogue: in a\.yml, line 1 too/);
});

test('a playbook knows the hooks of the folder beside it, and from_hooks takes their properties', async t => {
  const folder = await folderWith(t, {
    'catalog/own.yml': `- name: mine
  package: site-mine
  summary: Does it.
  properties: { vm: { mine_tag: '^x$', sap_agent: '^true$' } }
- { name: audit, source: ../hooks/audit, summary: Writes., properties: { network: { audit_net: '^y$' } } }
`,
    'hooks/audit/before_vm_start/50_audit': '#!/bin/sh\n',
    'site.yml':
      '- hosts: a\n  vdsm_hooks: [mine, audit, { name: own, source: hooks/audit }]\n- hosts: e\n  engine_properties: { from_hooks: true }\n',
  });
  const { plays, catalog } = await loadPlaybook(join(folder, 'site.yml'));
  t.is(catalog.folder, join(folder, 'catalog'));
  t.deepEqual(
    plays[0]?.vdsmHooks.map(hook => [hook.name, hook.package, hook.source?.text]),
    [
      ['mine', 'site-mine', undefined],
      ['audit', 'audit', join(folder, 'hooks/audit')],
      ['own', 'own', join(folder, 'hooks/audit')],
    ],
  );
  const { vm, network } = plays[1]?.engine?.properties ?? {};
  t.deepEqual(vm, [{ name: 'mine_tag', regex: '^x$', origin: 'mine' }]);
  t.deepEqual(network, [{ name: 'audit_net', regex: '^y$', origin: 'audit' }]);
  const without = await t.throwsAsync(loadPlaybook(join(folder, 'site.yml'), 'none'), {
    instanceOf: InputError,
  });
  t.regex(without?.message ?? '', /unknown hook "mine"/);
});

test('a hook that the site calls dangerous is refused until the playbook accepts it', async t => {
  const folder = await folderWith(t, {
    'catalog/own.yml': `${HOOK}  dangerous: Stops everything.\n`,
    'no.yml': '- hosts: a\n  vdsm_hooks: [mine]\n',
    'yes.yml': '- hosts: a\n  vdsm_hooks: [{ name: mine, accept_risk: true }]\n',
  });
  const error = await t.throwsAsync(loadPlaybook(join(folder, 'no.yml')), { instanceOf: InputError });
  t.regex(error?.message ?? '', /no\.yml:2:16: mine: Stops everything\.\n {2}Who wants mine all the same/);
  t.is((await loadPlaybook(join(folder, 'yes.yml'))).plays.length, 1);
});
