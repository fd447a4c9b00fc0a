import test from 'ava';
import { bindProtection, sameProtection, vetoHook } from '../../../src/cli/plays/prepare-protected.ts';
import { lintLibvirtHook, shellOf } from '../../../src/lint/libvirt-hook.ts';
import type { Play } from '../../../src/playbook/play.ts';
import { parsePlaybook } from '../../../src/playbook/playbook.ts';
import type { BoundResource } from '../../../src/resources/bound.ts';
import { setUp } from '../program.ts';

function play(text: string): Play {
  const [read] = parsePlaybook(`- hosts: kvm\n  ${text}\n`, 'kvm.yml').plays;
  if (read === undefined) {
    throw new Error('no play');
  }
  return read;
}

const PROTECTING = play('protected_domains: [db-1]');
const GIVING_UP = play('protected_domains: []');
const OTHER = play('libvirt_hooks: []');

test('a patched libvirt gets a hook that it asks before it stops a domain', t => {
  const [hook] = vetoHook(PROTECTING, ['stop']);
  t.like(hook, { driver: 'qemu', state: 'present', operations: ['stop'], dryRun: 'run', shell: '/bin/sh' });
  const text = Buffer.from(hook?.base64 ?? '', 'base64');
  t.deepEqual(lintLibvirtHook(text), []);
  t.is(shellOf(text), hook?.shell);
});

test('no other libvirt gets it, and it goes with the protection', t => {
  t.deepEqual(vetoHook(PROTECTING, []), []);
  t.deepEqual(vetoHook(PROTECTING, ['halting']), []);
  t.deepEqual(vetoHook(OTHER, ['stop']), []);
  for (const extra of [[], ['stop']]) {
    t.deepEqual(
      vetoHook(GIVING_UP, extra).map(({ state }) => state),
      ['absent'],
    );
  }
});

test('the hook comes after the list that it reads, and goes before it', t => {
  const hooks = { kind: 'libvirt-hook' } as BoundResource;
  const kinds = (one: Play) => bindProtection(one, 'kvm.yml', [hooks]).map(({ kind }) => kind);
  t.deepEqual(kinds(PROTECTING), ['protected-domains', 'libvirt-hook']);
  t.deepEqual(kinds(GIVING_UP), ['libvirt-hook', 'protected-domains']);
  t.deepEqual(kinds(OTHER), ['libvirt-hook']);
});

test('a host has one list: two plays for it are an input error, whatever they name', t => {
  const host = (name: string) => ({ name, address: name });
  const at = (names: readonly string[], one: Play) => ({ play: one, hosts: names.map(host) });
  const [problem] = sameProtection(at(['a', 'b'], PROTECTING), at(['b', 'c'], GIVING_UP));
  t.like(problem, { place: { file: 'kvm.yml', line: 2, column: 3 } });
  t.regex(problem?.message ?? '', /^protected_domains of line 2 are for b too/);
  t.deepEqual(sameProtection(at(['a'], PROTECTING), at(['b'], PROTECTING)), []);
  t.deepEqual(sameProtection(at(['a'], PROTECTING), at(['a'], OTHER)), []);
});

test('it is told before any host is contacted', async t => {
  const { write, run, knocks } = await setUp(t);
  const one = '- hosts: hypervisors\n  become: true\n  protected_domains: [db-1]\n';
  await write('site.yml', one + one);
  const { exitCode, stdout, stderr } = await run('check', 'site.yml', '-i', 'hosts.ini');
  t.deepEqual([exitCode, stdout], [2, '']);
  t.regex(
    stderr,
    /^site\.yml:6:3: protected_domains of line 3 are for kvm-01 too, and a host has one list\n {2}Name all/,
  );
  t.is(knocks(), 0);
});
