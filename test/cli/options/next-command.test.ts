import test from 'ava';
import { dueHosts, type FleetCommand, nextCommand } from '../../../src/cli/options/next-command.ts';
import { HostError } from '../../../src/core/failure.ts';
import type { HostResult, RunResult } from '../../../src/core/host-result.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { LEFT_OUT } from '../../../src/run/besides.ts';

const apply: FleetCommand = { name: 'apply', words: ['site.yml'], changes: true, needsWhole: false };
const check: FleetCommand = { ...apply, name: 'check', changes: false };
const options = { inventory: ['my hosts.ini'] };

function result(
  outcomes: Record<string, Outcome>,
  action = 'mode',
  stopped: string | null = null,
): RunResult {
  const host = (outcome: Outcome): HostResult => ({
    outcome,
    changes: outcome === 'drifted' ? [{ resource: 'r', id: 'i', action, before: null, after: null }] : [],
    error: null,
    notes: [],
    ms: 1,
  });
  const hosts = new Map(Object.entries(outcomes).map(([name, outcome]) => [name, host(outcome)]));
  return { command: 'x', hosts, stopped, interrupted: false };
}

const cases: readonly (readonly [
  title: string,
  command: FleetCommand,
  result: RunResult,
  next: string | undefined,
])[] = [
  ['nothing is left to do', check, result({ a: 'ok' }), undefined],
  [
    'drift: the apply, quoted for the shell',
    check,
    result({ a: 'drifted' }),
    "hookfleet apply site.yml -i 'my hosts.ini'",
  ],
  [
    'drift of what is left alone: nothing that apply would do',
    check,
    result({ a: 'drifted' }, 'unmanaged'),
    undefined,
  ],
  [
    'trouble: the same again, for those hosts alone',
    apply,
    result({ a: 'changed', b: 'failed', c: 'unreachable' }),
    "hookfleet apply site.yml -i 'my hosts.ini' -l b,c",
  ],
  [
    'trouble everywhere: the same again',
    apply,
    result({ a: 'failed' }),
    "hookfleet apply site.yml -i 'my hosts.ini'",
  ],
  [
    'a play was left out: the whole again',
    apply,
    result({ a: 'failed', e: 'skipped', b: 'ok' }, 'mode', 'why'),
    "hookfleet apply site.yml -i 'my hosts.ini'",
  ],
  [
    'something is removed, which --limit never does: the whole again',
    { ...apply, needsWhole: true },
    result({ a: 'failed', b: 'ok' }),
    "hookfleet apply site.yml -i 'my hosts.ini'",
  ],
  [
    'an install stays one',
    { ...check, name: 'install', words: ['extnet'] },
    result({ a: 'drifted' }),
    "hookfleet install extnet -i 'my hosts.ini'",
  ],
  [
    'engines in trouble are named as the commands about engines name them',
    { ...apply, name: 'engine', words: ['restore', '20261120T1-a'] },
    result({ a: 'changed', b: 'failed' }),
    "hookfleet engine restore 20261120T1-a -i 'my hosts.ini' --engine b",
  ],
];

for (const [title, command, ran, next] of cases) {
  test(`the next command: ${title}`, t => {
    t.is(nextCommand(command, options, ran), next);
  });
}

test('the next command reaches the hosts in the same way', t => {
  const how = {
    jump: 'ann@gate:22,[2001:db8::1]',
    sshConfig: 'none',
    sshAlgorithms: 'legacy',
    timeout: 20,
    connectTries: 5,
    connectLimit: 90,
    keepalive: 30,
  } as const;
  t.is(
    nextCommand(apply, { ...options, ...how }, result({ a: 'failed' })),
    "hookfleet apply site.yml -i 'my hosts.ini' -J 'ann@gate:22,[2001:db8::1]' -F none --ssh-algorithms legacy -T 20 --connect-tries 5 --connect-limit 90 --keepalive 30",
  );
});

test('the next command looks as deep, and forces what was forced', t => {
  t.is(
    nextCommand(check, { ...options, deep: true }, result({ a: 'drifted' })),
    "hookfleet apply site.yml -i 'my hosts.ini' --deep",
  );
  const forced = { restartBusyEngine: true, removeUsedProperties: true };
  t.is(
    nextCommand(apply, { ...options, ...forced }, result({ a: 'failed' })),
    "hookfleet apply site.yml -i 'my hosts.ini' --restart-busy-engine --remove-used-properties",
  );
});

test('a host that was left out on purpose is no trouble', t => {
  const ran = result({ a: 'drifted', b: 'skipped' });
  const hosts = new Map(ran.hosts);
  const { failure } = new HostError('failed', { kind: LEFT_OUT, step: 'start', message: 'in maintenance' });
  const b = hosts.get('b');
  if (b) {
    hosts.set('b', { ...b, error: failure });
  }
  t.is(nextCommand(check, options, { ...ran, hosts }), "hookfleet apply site.yml -i 'my hosts.ini'");
  t.is(nextCommand(check, options, ran), "hookfleet check site.yml -i 'my hosts.ini' -l b");
});

test('a host that differs only in what is left alone is not due for a change', t => {
  t.deepEqual(dueHosts(result({ a: 'drifted', b: 'ok' })), ['a']);
  t.deepEqual(dueHosts(result({ a: 'drifted' }, 'unmanaged')), []);
});

test('the next command knows the same hooks, and repeats the consent that was given', t => {
  const install: FleetCommand = { ...check, name: 'install', words: ['vhostmd', 'fileinject'] };
  const given = { catalog: 'my/hooks', acceptRisk: ['vhostmd', 'fileinject'] };
  t.is(
    nextCommand(install, { ...options, ...given }, result({ a: 'drifted' })),
    "hookfleet install vhostmd fileinject -i 'my hosts.ini' --catalog my/hooks --accept-risk vhostmd --accept-risk fileinject",
  );
});

test('the next command asks for the same passwords, and names the same files; the passwords are not in it', t => {
  const secrets = { askPass: true, becomePasswordFile: 'my file', keyPassphraseFile: 'phrase' };
  t.is(
    nextCommand(check, { ...options, ...secrets }, result({ a: 'drifted' })),
    "hookfleet apply site.yml -i 'my hosts.ini' -k --key-passphrase-file phrase --become-password-file 'my file'",
  );
  const others = { connectionPasswordFile: 'file', become: true, askBecomePass: true };
  t.is(
    nextCommand(check, { ...options, ...others }, result({ a: 'drifted' })),
    "hookfleet apply site.yml -i 'my hosts.ini' --connection-password-file file -b -K",
  );
});
