import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { HostError } from '../../../src/core/failure.ts';
import { Secret } from '../../../src/core/secret.ts';
import { sh } from '../../../src/core/sh.ts';
import { type LocalOptions, openLocalSession } from '../../../src/remote/script/local-session.ts';
import { PLAIN } from '../faults.ts';

const host = { name: 'engine', address: 'engine', connection: 'local', user: 'ignored' } as const;

function open(t: ExecutionContext, options: LocalOptions = {}) {
  const session = openLocalSession(host, options);
  t.teardown(() => session.close());
  return session;
}

function folderOf(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-local-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i += 1) {
    await sleep(50);
  }
}

async function failureOf(act: Promise<unknown>): Promise<unknown> {
  return act.then(
    () => undefined,
    error => (error instanceof HostError ? [error.outcome, error.failure.kind] : error),
  );
}

test('scripts run on this machine, as the user who runs hookfleet, with the shell that every host has', async t => {
  const session = open(t);
  t.deepEqual(await session.run([sh`id -un`, sh`pwd; echo "$LC_ALL" >&2; exit 4`, sh`cat`], PLAIN), [
    { stdout: `${userInfo().username}\n`, stderr: '', exitCode: 0 },
    { stdout: '/\n', stderr: 'C\n', exitCode: 4 },
    { stdout: '', stderr: '', exitCode: 0 },
  ]);
  t.is((await session.run([sh`echo again`], PLAIN))[0]?.stdout, 'again\n');
  const [own] = await session.run([sh`echo "$HOOKFLEET_PROCESS"`], PLAIN);
  t.is(own?.stdout, `${process.pid}\n`, 'they can tell who has started them');
});

test('a long script and a secret go by stdin, and never into an argument', async t => {
  const [long, secret] = [randomBytes(200_000).toString('hex'), randomBytes(16).toString('hex')];
  const [first, second] = await open(t).run(
    [
      sh`printf %s ${long} | wc -c`,
      sh`printf %s ${new Secret(secret)} | wc -c; tr '\0' ' ' </proc/$PPID/cmdline`,
    ],
    PLAIN,
  );
  t.is(first?.stdout.trim(), '400000');
  t.regex(second?.stdout ?? '', /^\s*32\n/);
  t.false(second?.stdout.includes(secret));
});

test('the first failure is the last fragment, where that is wanted', async t => {
  const sections = await open(t).run([sh`false`, sh`echo never`], { ...PLAIN, stopAtFailure: true });
  t.deepEqual(
    sections.map(({ exitCode }) => exitCode),
    [1],
  );
});

test('a script that takes too long is ended, and its programs with it', async t => {
  const marker = join(folderOf(t), 'pid');
  const run = open(t).run([sh`sleep 300 & echo $! >${marker}; wait`], { ...PLAIN, timeoutSeconds: 1 });
  t.deepEqual(await failureOf(run), ['failed', 'timeout']);
  const pid = readFileSync(marker, 'utf8').trim();
  await until(() => !isRunning(pid));
  t.false(isRunning(pid));
});

test('stopping ends what runs, with all that it has started', async t => {
  const marker = join(folderOf(t), 'pid');
  const session = open(t);
  const run = failureOf(session.run([sh`sleep 300 & echo $! >${marker}; wait`], PLAIN));
  await until(() => existsSync(marker) && readFileSync(marker, 'utf8').endsWith('\n'));
  await session.stop();
  t.deepEqual(await run, ['failed', 'killed']);
  t.false(isRunning(readFileSync(marker, 'utf8').trim()));
});

test('after an abort the reason of the signal is what a run ends with', async t => {
  const interrupt = new AbortController();
  const session = open(t, { signal: interrupt.signal });
  const run = failureOf(session.run([sh`sleep 300`], PLAIN));
  await sleep(500);
  const reason = new Error('interrupted');
  interrupt.abort(reason);
  t.is(await run, reason);
});

test('when it is closed, a running script goes on to the end of its fragment, and no further', async t => {
  const folder = folderOf(t);
  const session = open(t);
  const run = failureOf(
    session.run(
      [sh`echo >${folder}/begun; sleep 4; echo >${folder}/ended`, sh`echo >${folder}/never`],
      PLAIN,
    ),
  );
  await until(() => existsSync(join(folder, 'begun')));
  await sleep(1000);
  session.close();
  t.deepEqual(await run, ['failed', 'connection-lost']);
  await until(() => existsSync(join(folder, 'ended')));
  await sleep(1000);
  t.deepEqual([existsSync(join(folder, 'ended')), existsSync(join(folder, 'never'))], [true, false]);
});

function isRunning(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
