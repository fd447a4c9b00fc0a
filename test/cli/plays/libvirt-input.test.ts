import test from 'ava';
import { setUp } from '../program.ts';

const play = (operation: string, more = '') =>
  `- hosts: hypervisors
  become: true
  libvirt_hooks:
    - { driver: qemu, name: 10-audit, source: audit, operations: [${operation}]${more} }
`;

const SCRIPT = '#!/bin/sh\nexit 0\n';
const EXTRA = '[hypervisors:vars]\nlibvirt_extra_operations="[\'halting\']"\n';

/** What the user wrote -> what is told. The exit code is 2, stdout is empty, no host is contacted. */
const BAD: readonly (readonly [title: string, files: Record<string, string>, told: RegExp])[] = [
  [
    'a mistyped operation',
    { 'site.yml': play('prepair'), audit: SCRIPT },
    /^site\.yml:4:67: unknown qemu operation "prepair"\n {2}Did you mean "prepare"\?$/,
  ],
  [
    'an operation of another driver',
    { 'site.yml': play('port-created'), audit: SCRIPT },
    /unknown qemu operation "port-created"\n.*libvirt_extra_operations/,
  ],
  [
    'a script that is not there',
    { 'site.yml': play('start') },
    /^site\.yml:4:47: source: .*audit does not exist/,
  ],
  [
    'a script that libvirt cannot start',
    { 'site.yml': play('start'), audit: 'exit 0\n' },
    /audit:1: the file does not begin with #!/,
  ],
  [
    'a list of operations that is none',
    { 'site.yml': play('start'), audit: SCRIPT, more: '[hypervisors:vars]\nlibvirt_extra_operations=[1]\n' },
    /^more:2(?::\d+)?: libvirt_extra_operations is no list of operations/,
  ],
  [
    'two plays with different scripts for one path',
    {
      'site.yml': play('start') + play('start').replace('source: audit', 'source: other'),
      audit: SCRIPT,
      other: SCRIPT,
    },
    /^site\.yml:8:7: the qemu hook 10-audit is another one in line 4, and both plays are for kvm-01/,
  ],
];

for (const [title, files, told] of BAD) {
  test(`bad input is told, and no host is contacted: ${title}`, async t => {
    const { write, run, knocks } = await setUp(t);
    for (const [name, text] of Object.entries(files)) {
      await write(name, text);
    }
    const more = 'more' in files ? ['-i', 'more'] : [];
    const { exitCode, stdout, stderr } = await run('check', 'site.yml', '-i', 'hosts.ini', ...more);
    t.deepEqual([exitCode, stdout], [2, '']);
    t.regex(stderr, told);
    t.is(knocks(), 0);
  });
}

test('an operation that the inventory names is known', async t => {
  const { write, run, knocks } = await setUp(t);
  await write('site.yml', play('halting'));
  await write('audit', SCRIPT);
  await write('more', `[hypervisors]\nkvm-01\n${EXTRA}`);
  const { exitCode, stderr } = await run('check', 'site.yml', '-i', 'hosts.ini', '-i', 'more');
  t.is(exitCode, 4, stderr);
  t.true(knocks() > 0);
});
