import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Section } from '../../src/core/section.ts';
import { sh } from '../../src/core/sh.ts';
import { connect } from '../../src/remote/connect.ts';
import { type ExecHandler, faultAfter, machineShell } from './embedded-server.ts';
import { commandFolder, hostError, ONE_KEY, PLAIN, serverFor, sessionFor } from './faults.ts';

test('fragments run in one exec; each answers with its own stdout, stderr and exit code', async t => {
  const server = await serverFor(t);
  const session = await sessionFor(t, server);
  t.deepEqual(await session.run([sh`echo one`, sh`echo ${'zwei ü'} >&2; exit 4`, sh`:`], PLAIN), [
    { stdout: 'one\n', stderr: '', exitCode: 0 },
    { stdout: '', stderr: 'zwei ü\n', exitCode: 4 },
    { stdout: '', stderr: '', exitCode: 0 },
  ]);
  t.deepEqual([server.connections, server.commands], [1, ['timeout -k 5 30 sh -s']]);
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
  t.true((seen[0]?.[2] ?? 1e9) < 900);
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

test('a process left behind with the output open does not hold up the reply', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const startedAt = performance.now();
  t.deepEqual(await session.run([sh`sleep 4 & echo done`], PLAIN), [
    { stdout: 'done\n', stderr: '', exitCode: 0 },
  ]);
  t.true(performance.now() - startedAt < 3500);
});

test('more than 16 MiB of stdout is an error, of stderr it is cut; both are read to the end', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const flood = sh`head -c 18000000 /dev/zero | tr '\0' x`;
  const error = await hostError(t, session.run([flood, sh`echo after`], PLAIN));
  t.deepEqual([error.outcome, error.failure.kind], ['failed', 'output-limit']);
  const [first, second] = await session.run([sh`{ ${flood}; } >&2`, sh`echo after`], PLAIN);
  t.is(first?.stderr.length, 16 * 1024 * 1024);
  t.is(second?.stdout, 'after\n');
});

test('become goes through sudo -n, and not at all for root', async t => {
  const folder = await commandFolder(
    t,
    'sudo',
    '#!/bin/sh\n[ "$1" = -n ] || exit 9\nshift\nBECAME=yes exec "$@"\n',
  );
  const server = await serverFor(t, { exec: machineShell({ env: { PATH: `${folder}:/usr/bin:/bin` } }) });
  const asked = [sh`echo "$BECAME"`];
  const become = { ...PLAIN, become: true };
  const user = await sessionFor(t, server, server.host('deploy'));
  const root = await sessionFor(t, server, server.host('root'));
  t.is((await user.run(asked, become))[0]?.stdout, 'yes\n');
  t.is((await user.run(asked, PLAIN))[0]?.stdout, '\n');
  t.is((await root.run(asked, become))[0]?.stdout, '\n');
});

for (const [says, script, message, hint] of [
  [
    'that it wants a password',
    'echo "sudo: a password is required" >&2; exit 1',
    /asks for a password/,
    /NOPASSWD/,
  ],
  [
    'that there is no rule',
    'echo "deploy is not in the sudoers file." >&2; exit 1',
    /no rule/,
    /deploy ALL=\(ALL\)/,
  ],
  [
    'that the rule is for other commands',
    'echo "Sorry, user deploy is not allowed to execute \'/bin/sh\' as root on h1." >&2; exit 1',
    /no rule/,
    /sudoers/,
  ],
  [
    'that it wants a terminal',
    'echo "sudo: sorry, you must have a tty to run sudo" >&2; exit 1',
    /requiretty/,
    /!requiretty/,
  ],
  ['something new', 'echo "sudo: no such luck" >&2; exit 1', /see what it said/, /sudo -n true/],
] as const) {
  test(`a sudo that says ${says} is an error of its own`, async t => {
    const folder = await commandFolder(t, 'sudo', `#!/bin/sh\n${script}\n`);
    const exec = machineShell({ env: { PATH: `${folder}:/usr/bin:/bin` }, chatter: 'Hello\n' });
    const server = await serverFor(t, { exec });
    const session = await sessionFor(t, server, server.host('deploy'));
    const { outcome, failure } = await hostError(t, session.run([sh`:`], { ...PLAIN, become: true }));
    t.deepEqual([outcome, failure.kind, failure.step, failure.exitCode], ['failed', 'become', 'become', 1]);
    t.regex(failure.message, message);
    t.regex(failure.hint ?? '', hint);
    t.regex(failure.stderr ?? '', /sudo|Sorry/);
    t.regex(failure.command ?? '', /^env LC_ALL=C sudo -n /);
  });
}

test('a host without sudo is told so', async t => {
  const exec = machineShell({
    env: { PATH: await commandFolder(t, 'env', '#!/bin/sh\nshift; exec "$@"\n') },
  });
  const server = await serverFor(t, { exec });
  const session = await sessionFor(t, server, server.host('deploy'));
  const { failure } = await hostError(t, session.run([sh`:`], { ...PLAIN, become: true }));
  t.is(failure.kind, 'become');
  t.regex(failure.message, /not installed/);
});

const nologin: ExecHandler = ({ channel }) => {
  channel.write('This account is currently not available.\n');
  channel.exit(1);
  channel.end();
};

test('an account without a shell is unreachable, with what it said', async t => {
  const server = await serverFor(t, { exec: nologin });
  const session = await sessionFor(t, server, server.host('deploy'));
  for (const become of [false, true]) {
    const { outcome, failure } = await hostError(t, session.run([sh`:`], { ...PLAIN, become }));
    t.deepEqual([outcome, failure.kind, failure.step], ['unreachable', 'shell', 'connect']);
    t.is(failure.stderr, 'This account is currently not available.');
  }
});

test('the host itself ends a script that takes too long, and all that it started', async t => {
  const server = await serverFor(t);
  const session = await sessionFor(t, server);
  const seen: number[] = [];
  const startedAt = performance.now();
  const options = { ...PLAIN, timeoutSeconds: 1, onSection: (index: number) => seen.push(index) };
  const { outcome, failure } = await hostError(t, session.run([sh`echo fast`, sh`sleep 34567`], options));
  t.deepEqual([outcome, failure.kind, seen], ['failed', 'timeout', [0]]);
  t.regex(failure.message, /not done within 1 s, in part 2 of 2/);
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
  const { outcome, failure } = await hostError(t, session.run([sh`:`, sh`kill -KILL $$`], PLAIN));
  t.deepEqual([outcome, failure.kind, failure.exitCode], ['failed', 'killed', 137]);
  t.regex(failure.message, /in part 2 of 2/);
});

test('a connection that breaks is never success, after however many bytes of the reply', async t => {
  // begin: 39 bytes, then 50 a's and a line feed, a mark of 35 bytes, `b` and a line feed, a mark, the end: 37 bytes
  const fragments = [sh`echo ${'a'.repeat(50)}`, sh`echo b`];
  const whole = 39 + 51 + 35 + 2 + 35 + 37;
  const counts = [1, 32, 38, 39, 40, 70, 90, 100, 124, 125, 126, 127, 161, 162, 198, whole];
  for (const bytes of counts) {
    const server = await serverFor(t, { exec: faultAfter(bytes, ({ drop }) => drop()) });
    const session = await sessionFor(t, server);
    const { outcome, failure } = await hostError(t, session.run(fragments, PLAIN));
    const [lost, part] =
      bytes < 39
        ? (['unreachable', /before the script began/] as const)
        : bytes < 125
          ? (['failed', /in part 1 of 2/] as const)
          : (['failed', bytes < 162 ? /in part 2 of 2/ : /at the end/] as const);
    t.deepEqual([failure.kind, outcome], ['connection-lost', lost], `after ${bytes} bytes`);
    t.regex(failure.message, part, `after ${bytes} bytes`);
  }
});

test('a channel that closes without an exit code is a lost connection', async t => {
  const server = await serverFor(t, { exec: faultAfter(60, ({ channel }) => channel.close()) });
  const { outcome, failure } = await hostError(
    t,
    (await sessionFor(t, server)).run([sh`echo ${'x'.repeat(90)}`], PLAIN),
  );
  t.deepEqual([outcome, failure.kind], ['failed', 'connection-lost']);
});

test('a link that goes dead is found out by keepalives', async t => {
  const server = await serverFor(t, { exec: faultAfter(60, ({ freeze }) => freeze()) });
  const session = await sessionFor(t, server, server.host(), { keepaliveMs: 50 });
  const { failure } = await hostError(t, session.run([sh`echo ${'x'.repeat(90)}`], PLAIN));
  t.is(failure.kind, 'connection-lost');
  t.regex(failure.message, /in part 1 of 1 of the script: Keepalive timeout/);
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

test('the signal ends a running script with its own reason', async t => {
  const server = await serverFor(t);
  const controller = new AbortController();
  const session = await connect(server.host(), {
    knownHosts: server.knownHosts,
    identities: ONE_KEY,
    signal: controller.signal,
  });
  const running = session.run([sh`sleep 3`], PLAIN);
  await sleep(200);
  controller.abort(new Error('interrupted'));
  await t.throwsAsync(running, { message: 'interrupted' });
});
