import test from 'ava';
import type { Change } from '../../src/core/change.ts';
import type { Failure } from '../../src/core/failure.ts';
import type { HostResult, RunResult } from '../../src/core/host-result.ts';
import { makePaint } from '../../src/report/paint.ts';
import { summary } from '../../src/report/summary.ts';
import { looksLike } from './shown.ts';
import { addressesOf, rollout } from './story.ts';

const paint = makePaint({}, {});
const options = { diff: false, verbose: false, quiet: false, aliases: new Map(), paint };
const ok: HostResult = { outcome: 'ok', changes: [], error: null, notes: [], ms: 5 };
const mode: Change = {
  resource: 'vdsm-hook',
  id: 'x /hooks/50_x',
  action: 'mode',
  before: '0644',
  after: '0755',
};

function result(hosts: Record<string, Partial<HostResult>>, stopped: string | null = null): RunResult {
  const entries = Object.entries(hosts).map(([name, host]) => [name, { ...ok, ...host }] as const);
  return { command: 'check', hosts: new Map(entries), stopped, interrupted: false };
}

function row(level: string): Change {
  return {
    resource: 'engine-properties',
    id: `UserDefinedVMProperties ${level}`,
    action: 'set',
    before: '',
    after: 'a=^x$',
  };
}

test('hosts with the same drift stand under one heading, unchanged hosts only in the totals', t => {
  t.is(
    summary(
      result({
        'kvm-1': { outcome: 'drifted', changes: [mode], ms: 1 },
        'kvm-2': { outcome: 'drifted', changes: [mode], ms: 2 },
        'kvm-3': {},
      }),
      options,
    ),
    `drifted (2 hosts): kvm-1, kvm-2
  ~ vdsm-hook x /hooks/50_x: mode  0644 -> 0755

3 hosts: 1 ok, 2 drifted`,
  );
});

test('a failure shows message, step, command, exit code, stderr and hint; the worst stands last', t => {
  const error: Failure = {
    kind: 'apply',
    message: 'The disk is full',
    step: 'install x',
    command: 'dnf -y install -- x',
    exitCode: 1,
    stderr: 'Error: no space\nat all',
    hint: 'Free some space',
  };
  t.is(
    summary(
      result({ bad: { outcome: 'failed', error }, good: { outcome: 'changed', changes: [mode] } }),
      options,
    ),
    `changed: good
  ~ vdsm-hook x /hooks/50_x: mode  0644 -> 0755

failed: bad
  The disk is full
  at: install x, exit code 1
  command: dnf -y install -- x
    | Error: no space
    | at all
  hint: Free some space

2 hosts: 1 changed, 1 failed`,
  );
});

test('the same change at several levels is one line; long texts wait for --diff', t => {
  const long: Change = {
    ...row('4.8'),
    id: 'CustomDeviceProperties 4.8',
    before: 'x'.repeat(80),
    after: 'y'.repeat(80),
  };
  const drifted = result({ engine: { outcome: 'drifted', changes: [row('4.7'), row('4.8'), long] } });
  const text = summary(drifted, options);
  t.true(
    text.includes('~ engine-properties UserDefinedVMProperties 4.7, 4.8: set  (empty) -> a=^x$\n'),
    text,
  );
  t.true(text.includes('~ engine-properties CustomDeviceProperties 4.8: set\n'), text);
  t.false(text.includes('xxxx'));
  t.true(
    summary(drifted, { ...options, diff: true }).includes(
      `      - ${'x'.repeat(80)}\n      + ${'y'.repeat(80)}\n`,
    ),
  );
});

test('notes are shown for hosts that are ok, too, and --verbose shows every host', t => {
  const hosts = result({ a: { notes: ['VDSM is not installed'] }, b: {} });
  t.is(summary(hosts, options), 'ok: a\n  note: VDSM is not installed\n\n2 hosts: 2 ok');
  t.true(summary(hosts, { ...options, verbose: true }).includes('ok: b\n'));
});

test('why the run stopped is told once, before the totals', t => {
  const message = '1 of 1 hosts failed';
  const nothing = { command: null, exitCode: null, stderr: null, hint: null };
  const error: Failure = { kind: 'stopped', message, step: 'start', ...nothing };
  const text = summary(
    result({ a: { outcome: 'unreachable' }, e: { outcome: 'skipped', error } }, '1 of 1 hosts failed'),
    options,
  );
  t.is(text.split('1 of 1 hosts failed').length, 2, text);
  t.true(text.endsWith('Stopped: 1 of 1 hosts failed.\n2 hosts: 1 skipped, 1 unreachable'), text);
});

test('text from a host cannot drive the terminal', t => {
  const error: Failure = {
    kind: 'probe',
    message: 'a\u001b[2J',
    step: 's\r',
    command: '\u0007',
    exitCode: 1,
    stderr: '\u009b',
    hint: '\u202e',
  };
  const text = summary(
    result({ 'h\u001b': { outcome: 'failed', error, notes: ['\u001b]0;x\u0007'] } }),
    options,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  t.notRegex(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

for (const hosts of [3, 120, 1000]) {
  test(`the end of a rollout over ${hosts} hosts`, t => {
    const text = summary(rollout(hosts).result, { ...options, aliases: addressesOf(hosts) });
    t.true(text.split('\n').length < 40, 'what many hosts have in common is said once');
    looksLike(t, `summary-${hosts}`, text);
  });
}

test('--verbose names every host in full, and folds only what is equal to the letter', t => {
  const aliases = addressesOf(120);
  const text = summary(rollout(120).result, { ...options, aliases, verbose: true });
  t.regex(text, /^changed \(104 hosts\): kvm001\.example\.org, kvm002\.example\.org, /m);
  t.regex(text, /^unreachable: kvm062\.example\.org\n {2}the key of 10\.0\.0\.62:22 /m);
  t.false(text.includes('<host>'));
});

test('--quiet shows what needs somebody, and the totals', t => {
  const { result: rolledOut } = rollout(120);
  const text = summary(rolledOut, { ...options, aliases: addressesOf(120), quiet: true });
  t.notRegex(text, /^changed/m);
  t.regex(text, /^failed \(9 hosts\)/m);
  t.regex(text, /^skipped: engine/m);
  t.regex(text, /^121 hosts: 104 changed/m);
  const well = result({ a: { notes: ['a note'] }, b: { outcome: 'changed', changes: [mode] } });
  t.is(summary(well, { ...options, quiet: true }), '2 hosts: 1 ok, 1 changed');
  const drifted = result({ a: { outcome: 'drifted', changes: [mode] } });
  t.regex(summary(drifted, { ...options, quiet: true }), /^drifted: a\n/);
});

test('one cause is one heading, whatever was changed on its hosts before', t => {
  const error: Failure = {
    kind: 'apply',
    message: 'no',
    step: 's',
    command: null,
    exitCode: null,
    stderr: null,
    hint: null,
  };
  const hosts = result({
    a: { outcome: 'failed', error, changes: [mode] },
    b: { outcome: 'failed', error },
    c: { outcome: 'failed', error: { ...error, message: 'else' }, notes: ['seen'] },
  });
  t.is(
    summary(hosts, options),
    `failed: c
  else
  at: s
  before that:
    note: seen

failed (2 hosts): a, b
  no
  at: s
  before that on a:
    ~ vdsm-hook x /hooks/50_x: mode  0644 -> 0755

3 hosts: 3 failed`,
  );
});
