import test from 'ava';
import type { Failure } from '../../src/core/failure.ts';
import type { HostResult } from '../../src/core/host-result.ts';
import { makePaint } from '../../src/report/paint.ts';
import { summary } from '../../src/report/summary.ts';
import { type UnknownKey, unknownKeysLines } from '../../src/report/unknown-hosts.ts';

const paint = makePaint({}, {});

function key(name: string, more: Partial<UnknownKey> = {}): UnknownKey {
  const print = `SHA256:${name}`;
  return {
    name,
    address: '10.0.0.1',
    port: 22,
    type: 'ssh-ed25519',
    fingerprint: print,
    remark: '',
    ...more,
  };
}

function unreachable(name: string): [string, HostResult] {
  const error: Failure = {
    ...{ kind: 'host-key-unknown', message: `SHA256:${name}`, step: 'connect', hint: 'a hint' },
    ...{ command: null, exitCode: null, stderr: null },
  };
  return [name, { outcome: 'unreachable', changes: [], error, notes: [], ms: 1 }];
}

test('one table of all hosts, in the order of their numbers, then what to type', t => {
  t.is(
    unknownKeysLines(
      {
        keys: [key('hv-10'), key('hv-9', { port: 2222, type: 'ssh-rsa' })],
        command: 'hookfleet trust -i hosts.ini',
      },
      paint,
    ).join('\n'),
    `  their keys are not in known_hosts
    hv-9   10.0.0.1  2222  ssh-rsa      SHA256:hv-9
    hv-10  10.0.0.1  22    ssh-ed25519  SHA256:hv-10
  at: connect
  hint: compare the fingerprints with the hosts' own (there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub, or _ecdsa_, _rsa_), then:
    hookfleet trust -i hosts.ini`,
  );
});

test('what is on record all the same is told once for all hosts', t => {
  const remark = 'it is known only by an authority';
  const text = unknownKeysLines(
    { keys: [key('b', { remark }), key('a', { remark })], command: 'x' },
    paint,
  ).join('\n');
  t.true(text.includes('\n  a, b: it is known only by an authority\n'), text);
});

test('in the summary they are one block, whose hosts are named and counted', t => {
  const result = {
    ...{ command: 'check', stopped: null, interrupted: false },
    hosts: new Map([unreachable('hv-1'), unreachable('hv-2'), unreachable('hv-3')]),
  };
  const unknownKeys = { keys: ['hv-1', 'hv-2', 'hv-3'].map(name => key(name)), command: 'hookfleet trust' };
  const options = { diff: false, verbose: false, quiet: false, aliases: new Map(), paint };
  const text = summary(result, { ...options, unknownKeys });
  t.regex(text, /^unreachable \(3 hosts\): \S+\n {2}their keys are not in known_hosts\n/);
  t.regex(text, /\n {4}hookfleet trust\n\n3 hosts: 3 unreachable$/);
  t.false(text.includes('a hint'));
  t.true(summary(result, options).includes('a hint'), 'without the list each keeps its own error');
});

test('text of hosts cannot drive the terminal', t => {
  const text = unknownKeysLines({ keys: [key('a\u001b[2J')], command: 'x\u001b[2J' }, paint).join('\n');
  t.false(text.includes('\u001b'), text);
});
