import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { setUp } from '../program.ts';

/** What the user wrote -> what is told. The exit code is 2, stdout is empty, no host is contacted. */
const BAD: readonly (readonly [
  title: string,
  files: Record<string, string>,
  args: readonly string[],
  told: RegExp,
])[] = [
  ['no command word that is known', {}, ['aply'], /unknown command 'aply'[\s\S]*apply/],
  [
    'no inventory',
    {},
    ['check', 'site.yml'],
    /no inventory is named\n {2}Give -i FILE, or write `inventory = FILE` below \[defaults\] in hookfleet.cfg/,
  ],
  [
    'an unknown option',
    {},
    ['check', 'site.yml', '-i', 'hosts.ini', '--limt', 'x'],
    /unknown option '--limt'[\s\S]*--limit/,
  ],
  ['forks that are no number', {}, ['check', 'site.yml', '-i', 'hosts.ini', '-f', 'many'], /whole number/],
  ['a missing playbook', {}, ['check', 'nosuch.yml', '-i', 'hosts.ini'], /^nosuch\.yml: /],
  ['a missing inventory', {}, ['check', 'site.yml', '-i', 'nosuch.ini'], /^nosuch\.ini: /],
  [
    'both missing: both are told',
    {},
    ['check', 'nosuch.yml', '-i', 'nosuch.ini'],
    /nosuch\.yml: [\s\S]*nosuch\.ini: /,
  ],
  [
    'an unknown key',
    { 'site.yml': '- hosts: hypervisors\n  vdsm_hook: [diskunmap]\n' },
    ['check', 'site.yml', '-i', 'hosts.ini'],
    /^site\.yml:2:3: .*vdsm_hook[\s\S]*vdsm_hooks/,
  ],
  [
    'a wrong type',
    { 'site.yml': '- hosts: hypervisors\n  vdsm_hooks: diskunmap\n' },
    ['check', 'site.yml', '-i', 'hosts.ini'],
    /^site\.yml:2:15: .*list/,
  ],
  [
    'an unknown hook',
    { 'site.yml': '- hosts: hypervisors\n  vdsm_hooks: [diskunmpa]\n' },
    ['check', 'site.yml', '-i', 'hosts.ini'],
    /^site\.yml:2:16: vdsm_hooks: unknown hook "diskunmpa"\n {2}Did you mean "diskunmap"\?/,
  ],
  [
    'broken YAML',
    { 'site.yml': '- hosts: [hypervisors\n  become: true\n' },
    ['check', 'site.yml', '-i', 'hosts.ini'],
    /^site\.yml:\d+:\d+: /,
  ],
  [
    'broken INI',
    { 'hosts.ini': '[hypervisors\nkvm-01\n' },
    ['check', 'site.yml', '-i', 'hosts.ini'],
    /^hosts\.ini:1: /,
  ],
  [
    'a pattern that matches nothing',
    { 'site.yml': '- hosts: hypervisor\n  vdsm_hooks: [diskunmap]\n' },
    ['check', 'site.yml', '-i', 'hosts.ini'],
    /^site\.yml:1:10: .*hypervisor[\s\S]*hypervisors/,
  ],
  [
    'a limit that matches nothing',
    {},
    ['check', 'site.yml', '-i', 'hosts.ini', '-l', 'kvm-02'],
    /kvm-02[\s\S]*kvm-01/,
  ],
  [
    'a port that is none',
    { 'hosts.ini': '[hypervisors]\nkvm-01 ansible_port=99999\n' },
    ['check', 'site.yml', '-i', 'hosts.ini'],
    /^hosts\.ini:2: .*99999/,
  ],
  [
    'an identity file that is not there',
    {},
    ['check', 'site.yml', '-i', 'hosts.ini', '--private-key', 'nokey'],
    /nokey/,
  ],
  [
    'a property name that the engine predefines',
    {
      'site.yml':
        "- hosts: hypervisors\n  become: true\n  engine_properties:\n    vm: { hugepages: '^x$' }\n",
    },
    ['check', 'site.yml', '-i', 'hosts.ini'],
    /^site\.yml:4:11: .*hugepages/,
  ],
  [
    'inventory without a wish',
    {},
    ['inventory', '-i', 'hosts.ini'],
    /--list, --host NAME, --graph and --explain HOST/,
  ],
  [
    'a question for the password of ansible-vault, and nobody to answer it',
    {},
    ['inventory', '-i', 'hosts.ini', '--list', '--ask-vault-pass'],
    /no terminal[\s\S]*--vault-password-file/,
  ],
  [
    'a vault id that would ask for itself',
    {},
    ['check', 'site.yml', '-i', 'hosts.ini', '--vault-id', 'prod@prompt'],
    /--vault-id prod@prompt[\s\S]*--ask-vault-pass/,
  ],
  [
    'an encrypted password without a way to open it',
    { 'hosts.yml': 'hypervisors: {hosts: {kvm-01: {ansible_password: !vault x}}}\n' },
    ['check', 'site.yml', '-i', 'hosts.yml'],
    /^hosts\.yml:1:32: ansible_password is encrypted[\s\S]*--vault-password-file/,
  ],
  ['an unknown host', {}, ['inventory', '-i', 'hosts.ini', '--host', 'kvm-1'], /kvm-1[\s\S]*kvm-01/],
];

for (const [title, files, args, told] of BAD) {
  test(`bad input is told before any host is contacted: ${title}`, async t => {
    const { run, write, knocks } = await setUp(t);
    for (const [name, text] of Object.entries(files)) {
      await write(name, text);
    }
    const { stdout, stderr, exitCode } = await run(...args);
    t.is(exitCode, 2, stderr);
    t.is(stdout, '');
    t.regex(stderr, told);
    t.notRegex(stderr, /\n\s+at /, 'no stack trace');
    t.is(knocks(), 0);
  });
}

test('a folder in the place of a file is told, not tripped over', async t => {
  const { run, folder } = await setUp(t);
  await mkdir(join(folder, 'folder'));
  const { stderr, exitCode } = await run('check', 'folder', '-i', 'hosts.ini');
  t.is(exitCode, 2);
  t.regex(stderr, /^folder: /);
});

test('an encrypted or malformed identity file that the user named is told before any host is contacted', async t => {
  const { run, write, folder, knocks } = await setUp(t);
  await write('key', 'not a key\n');
  await chmod(join(folder, 'key'), 0o600);
  const { stderr, exitCode } = await run('check', 'site.yml', '-i', 'hosts.ini', '--private-key', 'key');
  t.is(exitCode, 2);
  t.regex(stderr, /key/);
  t.is(knocks(), 0);
});

test('two plays for one host that mean different hooks by one name are refused', async t => {
  const { run, write, folder, knocks } = await setUp(t);
  for (const source of ['one', 'two']) {
    await mkdir(join(folder, source, 'before_vm_start'), { recursive: true });
    await write(`${source}/before_vm_start/50_${source}`, '#!/bin/sh\n');
  }
  const play = (source: string) =>
    `- hosts: hypervisors\n  vdsm_hooks: [{ name: audit, source: ${source} }]\n`;
  await write('site.yml', play('one') + play('two'));
  const { stderr, exitCode } = await run('check', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 2);
  t.regex(stderr, /^site\.yml:4:\d+: audit is another hook in line 2, and both plays are for kvm-01/);
  t.is(knocks(), 0);
  await write('site.yml', play('one') + play('one'));
  t.is((await run('check', 'site.yml', '-i', 'hosts.ini')).exitCode, 4, 'the same hook twice does no harm');
});
