import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Section } from '../../src/core/section.ts';
import { type Sh, sh } from '../../src/core/sh.ts';
import type { Session } from '../../src/remote/script/session.ts';
import { hostLockStep } from '../../src/run/host-lock.ts';
import { boot } from './in-test.ts';
import { login } from './login.ts';

/** Runs fragments under the host's lock, as a changing script does. */
function underLock(
  session: Session,
  holder: string,
  fragments: readonly Sh[],
  { waitSeconds = 20, onSection = () => {} }: { waitSeconds?: number; onSection?: () => void } = {},
): Promise<readonly Section[]> {
  return session.run([hostLockStep(holder, waitSeconds).script, ...fragments], {
    become: true,
    timeoutSeconds: 60,
    stopAtFailure: true,
    guarded: true,
    onSection,
  });
}

test('of two changing scripts one waits for the other, and they never mix', async t => {
  const host = await boot(t, { name: 'hv' });
  const sessions = await Promise.all(['ana', 'ben', 'eve'].map(() => login(t, host)));
  const write = (name: string, what: string) => sh`echo ${`${name} ${what}`} >>./root/journal; sleep 0.3`;
  const all = await Promise.all(
    sessions.map((session, i) =>
      underLock(session, `operator ${i}`, [
        write(`${i}`, 'begins'),
        write(`${i}`, 'goes on'),
        write(`${i}`, 'ends'),
      ]),
    ),
  );
  t.true(all.flat().every(({ exitCode }) => exitCode === 0));
  const journal = (await host.exec('cat /root/journal')).stdout.trimEnd().split('\n');
  t.is(journal.length, 9);
  for (let i = 0; i < 9; i += 3) {
    t.is(new Set(journal.slice(i, i + 3).map(line => line[0])).size, 1, journal.join());
  }
});

test('who waits in vain is told who has the lock and since when, and has changed nothing', async t => {
  const host = await boot(t, { name: 'hv' });
  const [ana, ben] = await Promise.all([login(t, host), login(t, host)]);
  let begun = () => {};
  const started = new Promise<void>(resolve => {
    begun = resolve;
  });
  const first = underLock(ana, 'ana@ops1, process 7', [sh`sleep 3`], { onSection: () => begun() });
  await started;
  const step = hostLockStep('ben@ops2, process 8', 1);
  const replies = await underLock(ben, 'ben@ops2, process 8', [sh`touch ./root/changed`], { waitSeconds: 1 });
  t.is(replies.length, 1);
  const [reply] = replies;
  t.regex(
    (reply && step.explain?.(reply)?.message) ?? '',
    /^Another hookfleet is changing this host: ana@ops1, process 7, since \d{4}-/,
  );
  t.is((await first).at(-1)?.exitCode, 0);
  await host.exec('test ! -e /root/changed');
});

test('a hookfleet that is killed gives the lock back once the step that it was in has ended', async t => {
  const host = await boot(t, { name: 'hv' });
  const [ana, ben] = await Promise.all([login(t, host), login(t, host)]);
  let begun = () => {};
  const started = new Promise<void>(resolve => {
    begun = resolve;
  });
  const steps = [
    sh`echo one >>./root/journal; sleep 1; echo two >>./root/journal`,
    sh`echo three >>./root/journal`,
  ];
  const lost = underLock(ana, 'ana', steps, { onSection: () => begun() }).catch(() => undefined);
  await started;
  await sleep(300);
  ana.close();
  await lost;
  const replies = await underLock(ben, 'ben', [sh`cat ./root/journal`]);
  t.is(replies.at(-1)?.stdout, 'one\ntwo\n', 'the step ends whole, and none begins after it');
});

test('neither a service that a step starts nor what it leaves running keeps the lock', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  const replies = await underLock(session, 'ana', [
    sh`systemctl start vdsmd >/dev/null`,
    sh`setsid sleep 300 >/dev/null 2>&1 </dev/null &`,
    sh`if flock -n ./run/hookfleet.lock true; then echo free; else echo held; fi`,
  ]);
  t.is(replies.at(-1)?.stdout, 'held\n');
  t.deepEqual(
    (
      await host.exec(
        'systemctl is-active vdsmd; pgrep -fx "sleep 300" | wc -l; flock -n /run/hookfleet.lock echo free',
      )
    ).stdout,
    'active\n1\nfree\n',
  );
});

test('the lock lies where a reboot clears it', async t => {
  const host = await boot(t, { name: 'hv' });
  const session = await login(t, host);
  await underLock(session, 'ana', []);
  t.is((await host.exec('stat -f -c %T /run/hookfleet.lock')).stdout, 'tmpfs\n');
});
