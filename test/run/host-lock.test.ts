import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { hostLockStep, type PlanBasis, STALE_PLAN } from '../../src/run/host-lock.ts';

function hostFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-lock-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'run'));
  return folder;
}

/** A script that takes the lock, says so, and ends with its stdin. */
function holdLock(t: ExecutionContext, cwd: string, holder: string) {
  const shell = spawn('sh', ['-c', `${hostLockStep(holder).script.text}\necho "taken $?"; read -r _`], {
    cwd,
  });
  t.teardown(() => shell.kill('SIGKILL'));
  return shell;
}

function takeLock(cwd: string, holder: string, waitSeconds: number) {
  const step = hostLockStep(holder, waitSeconds);
  const { stdout, stderr, status } = spawnSync('sh', ['-c', step.script.text], { cwd, encoding: 'utf8' });
  return { status, explained: step.explain?.({ stdout, stderr, exitCode: status ?? -1 }) };
}

test('a lock that is free is taken, and tells who has it and since when', t => {
  const folder = hostFolder(t);
  t.is(takeLock(folder, 'ana@ops1,\n$(id) process 7', 1).status, 0);
  t.regex(
    readFileSync(join(folder, 'run/hookfleet.lock'), 'utf8'),
    /^ana@ops1, \$\(id\) process 7\n\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\nfree\n$/,
  );
});

test('one that is taken is waited for, and then its holder is named', async t => {
  const folder = hostFolder(t);
  const holder = holdLock(t, folder, 'ana@ops1, process 7');
  await once(holder.stdout, 'data');
  const startedAt = performance.now();
  const { status, explained } = takeLock(folder, 'ben@ops2, process 8', 1);
  t.true(performance.now() - startedAt >= 1000);
  t.is(status, 75);
  t.regex(
    explained?.message ?? '',
    /^Another hookfleet is changing this host: ana@ops1, process 7, since 2.*Z$/,
  );
  t.truthy(explained?.hint);
});

test('the lock goes with the script that has it, however that ends', async t => {
  const folder = hostFolder(t);
  const holder = holdLock(t, folder, 'ana@ops1, process 7');
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  t.is(takeLock(folder, 'ben@ops2, process 8', 1).status, 0);
});

test('a host where it cannot be written says why, and the shell of the script goes on', t => {
  const folder = hostFolder(t);
  mkdirSync(join(folder, 'run/hookfleet.lock'));
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', `${hostLockStep('ana', 1).script.text}\necho "went on $?"`],
    { cwd: folder, encoding: 'utf8' },
  );
  t.regex(stdout, /^went on [1-9]/);
  t.regex(stderr, /hookfleet\.lock/);
});

test('a host without flock is told to install it', t => {
  const step = hostLockStep('ana');
  t.regex(step.explain?.({ stdout: '', stderr: '', exitCode: 127 })?.hint ?? '', /util-linux/);
});

test('the host allows the step the whole wait', t => {
  t.true(hostLockStep('ana', 300).timeoutSeconds > 300);
});

test('a plan from before another one had the lock, or from while it had it, is not carried out', t => {
  const folder = hostFolder(t);
  const seen = () => readFileSync(join(folder, 'run/hookfleet.lock'), 'utf8');
  const take = (basis: PlanBasis, end = '') => {
    const { text } = hostLockStep('ben@ops2, process 8', 1, basis).script;
    const { status, stdout } = spawnSync('sh', ['-c', `${text}${end}`], { cwd: folder, encoding: 'utf8' });
    return { status, stdout };
  };
  t.is(take({ lastHolder: '' }).status, 0, 'nobody had it since the host was up');
  const first = seen();
  t.regex(first, /\nfree\n$/);
  t.deepEqual(take({ lastHolder: '' }), { status: STALE_PLAN, stdout: first });
  t.is(seen(), first, 'nothing was written');
  t.is(take({ lastHolder: first }).status, 0);

  const killed = take({ lastHolder: seen() }, '\nkill -9 $$');
  t.is(killed.status, null);
  const unfinished = seen();
  t.notRegex(unfinished, /free/);
  const stale = take({ lastHolder: unfinished });
  t.is(stale.status, STALE_PLAN, 'the plan may be from the middle of its change');
  t.is(take({ lastHolder: unfinished, goneHolder: stale.stdout }).status, 0, 'it is known to be gone');
});
