import test from 'ava';
import type { Section } from '../../../src/core/section.ts';
import { sh } from '../../../src/core/sh.ts';
import { machineShell } from '../embedded-server.ts';
import { isFault } from '../fault-cases.ts';
import { hostError, PLAIN, serverFor, sessionFor } from '../faults.ts';

test('fragments run in one exec; each answers with its own stdout, stderr and exit code', async t => {
  const server = await serverFor(t);
  const session = await sessionFor(t, server);
  t.deepEqual(await session.run([sh`echo one`, sh`echo ${'zwei ü'} >&2; exit 4`, sh`:`], PLAIN), [
    { stdout: 'one\n', stderr: '', exitCode: 0 },
    { stdout: '', stderr: 'zwei ü\n', exitCode: 4 },
    { stdout: '', stderr: '', exitCode: 0 },
  ]);
  t.deepEqual([server.connections, server.commands.length], [1, 1]);
});

test('with stopAtFailure the script ends after the first fragment that fails', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const sections = await session.run([sh`echo a`, sh`false; echo b`, sh`echo c`], {
    ...PLAIN,
    stopAtFailure: true,
  });
  t.deepEqual(
    sections.map(({ stdout, exitCode }) => [stdout, exitCode]),
    [
      ['a\n', 0],
      ['', 1],
    ],
  );
});

test('sections are reported as soon as they are complete', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const seen: [number, Section, number][] = [];
  const startedAt = performance.now();
  await session.run([sh`echo a`, sh`sleep 1`], {
    ...PLAIN,
    onSection: (index, section) => seen.push([index, section, performance.now() - startedAt]),
  });
  t.deepEqual(
    seen.map(([index, { stdout }]) => [index, stdout]),
    [
      [0, 'a\n'],
      [1, ''],
    ],
  );
  // By its own end, not with the script's: however slow the machine is, the sleep lies between them.
  t.true((seen[1]?.[2] ?? 0) - (seen[0]?.[2] ?? 1e9) > 500);
});

test('an error in onSection ends the run with that error', async t => {
  const session = await sessionFor(t, await serverFor(t));
  await t.throwsAsync(
    session.run([sh`:`, sh`sleep 3`], {
      ...PLAIN,
      onSection: () => {
        throw new TypeError('a mistake');
      },
    }),
    { instanceOf: TypeError, message: 'a mistake' },
  );
});

test('several runs of a session share its connection, also at the same time', async t => {
  const server = await serverFor(t);
  const session = await sessionFor(t, server);
  const replies = await Promise.all([1, 2, 3].map(n => session.run([sh`echo ${n}`], PLAIN)));
  t.deepEqual(
    replies.flat().map(({ stdout }) => stdout),
    ['1\n', '2\n', '3\n'],
  );
  t.is(server.connections, 1);
});

test('what a login shell prints, and what its environment holds, does no harm', async t => {
  const exec = machineShell({
    chatter: 'Welcome!\nNo newline',
    env: { LC_ALL: 'de_DE.UTF-8', IFS: 'x', CDPATH: '/usr', ENV: '/nonexistent', ROOT: '/elsewhere' },
  });
  const session = await sessionFor(t, await serverFor(t, { exec }));
  const sections = await session.run([sh`echo "$LC_ALL|$CDPATH|$ENV|$ROOT|"; a=1x2; echo $a; pwd`], PLAIN);
  t.deepEqual(sections, [{ stdout: 'C||||\n1x2\n/\n', stderr: '', exitCode: 0 }]);
});

test('a large script and a large reply come through whole', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const text = 'äöü€'.repeat(100_000);
  const [one, two] = await session.run([sh`printf %s ${text}`, sh`printf %s ${text} >&2`], PLAIN);
  t.is(one?.stdout, text);
  t.is(two?.stderr, text);
});

test('a time limit beyond what a timer can wait is no limit of a millisecond', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const [section] = await session.run([sh`sleep 0.2; echo done`], { ...PLAIN, timeoutSeconds: 3_000_000 });
  t.is(section?.stdout, 'done\n');
});

test('[left-behind] a process left behind with the output open does not hold up the reply', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const startedAt = performance.now();
  t.deepEqual(await session.run([sh`sleep 4 & echo done`], PLAIN), [
    { stdout: 'done\n', stderr: '', exitCode: 0 },
  ]);
  t.true(performance.now() - startedAt < 3500);
});

test('the host itself ends a script that takes too long, and all that it started', async t => {
  const server = await serverFor(t);
  const session = await sessionFor(t, server);
  const seen: number[] = [];
  const startedAt = performance.now();
  const options = { ...PLAIN, timeoutSeconds: 1, onSection: (index: number) => seen.push(index) };
  isFault(t, 'too-long', await hostError(t, session.run([sh`echo fast`, sh`sleep 34567`], options)));
  t.deepEqual(seen, [0]);
  t.true(performance.now() - startedAt < 3000);
  const [left] = await session.run([sh`ps -eo args | grep -c '^[s]leep 34567'`], PLAIN);
  t.is(left?.stdout, '0\n');
});

test('the host kills what ignores the end of its time', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const fragments = [sh`trap '' TERM; sleep 45678; sleep 45678`, sh`echo not reached`];
  const seen: number[] = [];
  const options = { ...PLAIN, timeoutSeconds: 1, onSection: (index: number) => seen.push(index) };
  const { failure } = await hostError(t, session.run(fragments, options));
  t.deepEqual([failure.kind, seen], ['timeout', []]);
  const [left] = await session.run([sh`ps -eo args | grep -c '^[s]leep 45678'`], PLAIN);
  t.is(left?.stdout, '0\n');
});

test('a host that does not end the script is given up after the grace time', async t => {
  const server = await serverFor(t, { exec: () => {} });
  const session = await sessionFor(t, server, server.host(), { graceMs: 200 });
  const { outcome, failure } = await hostError(t, session.run([sh`:`], { ...PLAIN, timeoutSeconds: 1 }));
  t.deepEqual([outcome, failure.kind], ['unreachable', 'timeout']);
  t.regex(failure.message, /before the script began/);
  const { failure: later } = await hostError(t, session.run([sh`:`], PLAIN));
  t.is(later.kind, 'connection-lost');
});

test('a script that something kills is no time-out', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const error = await hostError(t, session.run([sh`:`, sh`kill -KILL $$`], PLAIN));
  isFault(t, 'killed', error);
  t.regex(error.failure.message, /KILL/);
});

test('a closed session runs nothing, and may be closed again', async t => {
  const server = await serverFor(t);
  const session = await sessionFor(t, server);
  await session.run([sh`:`], PLAIN);
  session.close();
  session.close();
  const { outcome, failure } = await hostError(t, session.run([sh`:`], PLAIN));
  t.deepEqual([outcome, failure.kind, server.commands.length], ['failed', 'connection-lost', 1]);
});
