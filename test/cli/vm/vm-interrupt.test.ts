import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { withEngineOf } from './engine-program.ts';

/** Waits until a text was written. */
async function hears(stream: Readable | null, text: string): Promise<void> {
  let seen = '';
  while (stream !== null && !seen.includes(text)) {
    const [chunk] = await once(stream, 'data');
    seen += chunk;
  }
}

test('an interrupt brings the VM at hand up again, and begins no other', async t => {
  const { start, vm } = await withEngineOf(t, { vms: [{ name: 'web-1' }, { name: 'web-2' }], stepMs: 500 });
  const running = start(['vm', 'set', 'web-*', 'audit_tag=web', '--restart', '--yes']);
  await hears(running.stderr, 'web-1: shutting down');
  running.kill('SIGINT');
  const { stdout, stderr, exitCode } = await running;
  t.is(exitCode, 130);
  t.regex(stderr, /no further VM is begun, those at hand are brought up again/);
  t.is(
    stdout,
    'web-1  changed    audit_tag: (none) -> web; restarted\nweb-2  cancelled  Interrupted before it was begun\n2 VMs: 1 changed, 1 cancelled',
  );
  t.is(vm('web-1').status, 'up');
  t.is(vm('web-2').nextRun, undefined);
});

test('a second interrupt leaves it as it is, with the command that starts it', async t => {
  const { start, vm } = await withEngineOf(t, { vms: [{ name: 'web-1' }], stepMs: 3000 });
  const running = start(['vm', 'set', 'web-1', 'audit_tag=web', '--restart', '--yes']);
  await hears(running.stderr, 'web-1: shutting down');
  running.kill('SIGINT');
  await hears(running.stderr, 'no further VM is begun');
  running.kill('SIGINT');
  const { stdout, exitCode } = await running;
  t.is(exitCode, 130);
  t.regex(stdout, /cancelled .*Interrupted after it was asked to shut down/);
  t.regex(stdout, /Start it: hookfleet vm start web-1$/);
  t.is(vm('web-1').asked.start, 0);
});

test('a second interrupt while a VM starts says that it starts', async t => {
  const { start, vm } = await withEngineOf(t, { vms: [{ name: 'web-1', conduct: 'never gets up' }] });
  const running = start(['vm', 'set', 'web-1', 'audit_tag=web', '--restart', '--yes']);
  await hears(running.stderr, 'web-1: powering up');
  running.kill('SIGINT');
  await hears(running.stderr, 'no further VM is begun');
  running.kill('SIGINT');
  const { stdout, exitCode } = await running;
  t.is(exitCode, 130);
  t.regex(stdout, /; Interrupted while it starts$/);
  t.is(vm('web-1').asked.start, 1);
});

test('what changes nothing is ended by the first interrupt', async t => {
  const { start, api } = await withEngineOf(t, { vms: [{ name: 'web-1' }] });
  api.planned.push({ path: /\/vms$/, reply: { json: {}, delayMs: 50_000 } });
  const running = start(['vm', 'show']);
  while (!api.requests.some(({ path }) => path.includes('/vms'))) {
    await setImmediate();
  }
  running.kill('SIGINT');
  const { stdout, stderr, exitCode } = await running;
  t.deepEqual([stdout, stderr, exitCode], ['', 'Interrupted', 130]);
  t.is(api.logins.counts.out, 1);
});
