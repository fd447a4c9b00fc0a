import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { parsePlaybook } from '../../src/playbook/playbook.ts';

const play = (...keys: string[]) =>
  ['- hosts: a', 'packages: [x]', ...keys].map((line, i) => (i === 0 ? line : `  ${line}`)).join('\n');

const rolloutOf = (...keys: string[]) => parsePlaybook(play(...keys), 'site.yml').plays[0]?.rollout;

test('a rollout that says everything', t => {
  t.deepEqual(
    rolloutOf(
      'serial: [1, 25%, 100%]',
      'max_fail_percentage: 12.5',
      'max_failed: 3',
      'verify: systemctl is-active vdsmd',
      'verify_timeout: 5',
      'pause: 10m',
      'confirm: yes',
    ),
    {
      serial: [{ hosts: 1 }, { percent: 25 }, { percent: 100 }],
      maxFailPercentage: 12.5,
      maxFailed: 3,
      verify: { command: 'systemctl is-active vdsmd', timeoutSeconds: 5 },
      pauseSeconds: 600,
      confirm: true,
    },
  );
});

test('one size stands for a list of one', t => {
  t.deepEqual(rolloutOf('serial: 10')?.serial, [{ hosts: 10 }]);
  t.deepEqual(rolloutOf('serial: 30%')?.serial, [{ percent: 30 }]);
  t.deepEqual(rolloutOf('serial: "5%"')?.serial, [{ percent: 5 }]);
});

test('with max_failed alone no percentage is judged; with neither, no host may go wrong', t => {
  t.like(rolloutOf('max_failed: 2'), { maxFailPercentage: null, maxFailed: 2 });
  t.like(rolloutOf('max_failed: 2', 'max_fail_percentage: 50'), { maxFailPercentage: 50, maxFailed: 2 });
  t.like(rolloutOf(), { maxFailPercentage: 0, maxFailed: null });
});

test('a pause is seconds, minutes or hours', t => {
  for (const [text, seconds] of [
    ['30s', 30],
    ['10m', 600],
    ['24h', 86_400],
  ] as const) {
    t.is(rolloutOf('serial: 1', `pause: ${text}`)?.pauseSeconds, seconds);
  }
});

test('a verification has a minute unless the play says otherwise', t => {
  t.is(rolloutOf('verify: "true"')?.verify?.timeoutSeconds, 60);
});

const SIZE = 'a number of hosts of at least 1, or a percentage from 1% to 100%';
const SIZES = 'a number of hosts, a percentage such as 25%, or a list of them';
const SPAN = 'a time from 1s to 24h, such as 30s, 10m or 2h';

for (const [key, message] of [
  ['serial: 0', `serial: expected ${SIZE}, found the number 0`],
  ['serial: -1', `serial: expected ${SIZE}, found the number -1`],
  ['serial: 0%', `serial: expected ${SIZE}, found text "0%"`],
  ['serial: 101%', `serial: expected ${SIZE}, found text "101%"`],
  ['serial: ten', `serial: expected ${SIZE}, found text "ten"`],
  ['serial: []', `serial: expected ${SIZES}, found a list`],
  ['serial: { a: 1 }', `serial: expected ${SIZE}, found a mapping`],
  ['serial: [1, x]', `serial: expected ${SIZE}, found text "x"`],
  ['serial: [1, 0]', `serial: expected ${SIZE}, found the number 0`],
  ['max_failed: 1.5', 'max_failed: expected a whole number of hosts, from 0, found the number 1.5'],
  ['max_failed: 10%', 'max_failed: expected a whole number of hosts, from 0, found text "10%"'],
  ['verify: ""', 'verify: expected a command, found empty text'],
  ['verify: "a\\0b"', 'verify: a command cannot hold the character NUL'],
  ['verify: true', 'verify: expected a command, found true'],
  ['confirm: maybe', 'confirm: expected true or false, found text "maybe"'],
  ['pause: 10', `pause: expected ${SPAN}, found the number 10`],
  ['pause: 0s', `pause: expected ${SPAN}, found text "0s"`],
  ['pause: 25h', `pause: expected ${SPAN}, found text "25h"`],
  ['pause: 1d', `pause: expected ${SPAN}, found text "1d"`],
  ['pause: 5m', 'pause needs serial'],
  ['confirm: true', 'confirm needs serial'],
  ['verify_timeout: 5', 'verify_timeout needs verify'],
] as const) {
  test(`a mistake in a rollout is told: ${key}`, t => {
    const keys = message.includes('needs serial') || key.startsWith('serial') ? [key] : ['serial: 1', key];
    const error = t.throws(() => parsePlaybook(play(...keys), 'site.yml'), { instanceOf: InputError });
    t.is(error?.problems[0]?.message, message);
  });
}

test('what a rollout says is nothing to do by itself', t => {
  const error = t.throws(() => parsePlaybook('- hosts: a\n  serial: 1\n  verify: "true"\n', 'site.yml'), {
    instanceOf: InputError,
  });
  t.regex(error?.message ?? '', /nothing to do/);
});
