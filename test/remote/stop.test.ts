import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { type Sh, sh } from '../../src/core/sh.ts';
import type { Session } from '../../src/remote/script/session.ts';
import { type ExecHandler, machineShell } from './embedded-server.ts';
import { isFault } from './fault-cases.ts';
import { commandFolder, hostError, PLAIN, serverFor, sessionFor } from './faults.ts';

/** Starts a script, and waits until it is in its second fragment. */
async function start(session: Session, fragment: Sh, become = false) {
  let begun = () => {};
  const started = new Promise<void>(resolve => {
    begun = resolve;
  });
  const fragments = [sh`:`, fragment, sh`echo ${'not reached'}`];
  const sections = session.run(fragments, { ...PLAIN, become, onSection: () => begun() });
  await Promise.race([started, sections]);
  return { sections };
}

/** How many processes on this machine are that sleep. */
function sleeps(number: number): number {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return stdout.split('\n').filter(line => line === `sleep ${number}`).length;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await sleep(20);
  }
}

for (const [title, become, number] of [
  ['', false, 71_717],
  [', as root too', true, 72_727],
] as const) {
  test(`stop ends what runs on the host${title}, and then the session`, async t => {
    const folder = await commandFolder(t, 'sudo', '#!/bin/sh\nshift; exec "$@"\n');
    const server = await serverFor(t, { exec: machineShell({ env: { PATH: `${folder}:/usr/bin:/bin` } }) });
    const session = await sessionFor(t, server, server.host('ops'));
    const { sections } = await start(session, sh`sleep ${number}`, become);
    const failed = hostError(t, sections);
    await until(() => sleeps(number) === 1);
    await Promise.all([session.stop(), session.stop()]);
    t.is((await failed).failure.kind, 'killed');
    t.is(sleeps(number), 0);
    t.is(server.commands.length, 2);
    t.is((await hostError(t, session.run([sh`:`], PLAIN))).failure.kind, 'connection-lost');
  });
}

test('stop kills what ignores the end', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const { sections } = await start(session, sh`trap '' TERM; sleep 73737; sleep 73737`);
  const failed = hostError(t, sections);
  await until(() => sleeps(73_737) === 1);
  await session.stop();
  t.is((await failed).failure.kind, 'killed');
  t.is(sleeps(73_737), 0);
});

test('stop with nothing to stop closes the session', async t => {
  const server = await serverFor(t);
  const session = await sessionFor(t, server);
  await session.run([sh`:`], PLAIN);
  await session.stop();
  t.is(server.commands.length, 1);
  t.is((await hostError(t, session.run([sh`:`], PLAIN))).failure.kind, 'connection-lost');
});

test('a host that cannot be told to stop is waited for ten seconds, and not at all where it takes no second command', async t => {
  let count = 0;
  const shell = machineShell();
  const second = (does: ExecHandler): ExecHandler => {
    return request => (count++ % 2 === 0 ? shell(request) : does(request));
  };
  const times: number[] = [];
  for (const does of [({ channel }) => channel.close(), () => {}] satisfies ExecHandler[]) {
    const session = await sessionFor(t, await serverFor(t, { exec: second(does) }));
    const { sections } = await start(session, sh`sleep 12`);
    const failed = hostError(t, sections);
    const startedAt = performance.now();
    await session.stop();
    times.push(performance.now() - startedAt);
    t.is((await failed).failure.kind, 'connection-lost');
  }
  t.true((times[0] ?? 1e9) < 8000);
  t.true((times[1] ?? 0) > 9000 && (times[1] ?? 1e9) < 20_000);
});

test('the signal stops the session; what ran and what is still to run ends with its reason', async t => {
  const controller = new AbortController();
  const server = await serverFor(t);
  const session = await sessionFor(t, server, server.host(), { signal: controller.signal });
  const { sections } = await start(session, sh`sleep 74747`);
  await until(() => sleeps(74_747) === 1);
  controller.abort(new Error('interrupted'));
  await t.throwsAsync(sections, { message: 'interrupted' });
  t.is(sleeps(74_747), 0);
  await t.throwsAsync(session.run([sh`:`], PLAIN), { message: 'interrupted' });
});

test('a link that is lost lets the step end that runs, and no other begins', async t => {
  const folder = await commandFolder(t, 'unused', '');
  const [ended, next] = [join(folder, 'ended'), join(folder, 'next')];
  for (const large of ['', 'x'.repeat(50_000)]) {
    const session = await sessionFor(t, await serverFor(t));
    const fragments = [sh`: ${large}`, sh`sleep 1; : >${ended}`, sh`: >${next}`, sh`: >${next}`];
    let begun = () => {};
    const started = new Promise<void>(resolve => {
      begun = resolve;
    });
    const failed = hostError(t, session.run(fragments, { ...PLAIN, onSection: () => begun() }));
    await started;
    session.close();
    isFault(t, 'lost', await failed);
    await until(() => existsSync(ended));
    await sleep(500);
    t.false(existsSync(next));
    rmSync(ended);
  }
});
