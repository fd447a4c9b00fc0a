import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { engineStarts, engineStore, loadedRows } from './engine.ts';
import { readStore } from './engine-store.ts';
import { reached, startTrace, stopTrace, traceHost } from './engine-trace.ts';
import { type Control, makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';

const ROW = 'UserDefinedVMProperties@4.8';
const QUICK = { levels: ['4.8'], refusedSeconds: 0.1, notFoundSeconds: 0.1, unavailableSeconds: 0.1 };

// Where a run that sets one property halts: in the script of the change, and in that of the verification.
const BEFORE_THE_WRITE = '2 5 1';
const IN_THE_VERIFICATION = '3 1 1';

async function setUp(t: ExecutionContext): Promise<{ engine: LabHost; control: Control }> {
  const engine = await boot(t, { name: 'engine-1', kind: 'engine', engine: QUICK });
  await traceHost(engine);
  const control = await makeControl({ engines: [engine] });
  t.teardown(() => control.remove());
  for (const name of ['ana', 'ben']) {
    await control.write(
      `${name}.yml`,
      `- hosts: engine
  become: true
  engine_health_url: http://${engine.address}/ovirt-engine/services/health
  engine_properties: { vm: { ${name}: '^x$' } }
`,
    );
  }
  return { engine, control };
}

/** Starts a run, and lets it come as far as the place given. */
async function halted(control: Control, engine: LabHost, place: string) {
  await startTrace(engine, place);
  const run = control.start('apply', 'ana.yml', '-i', 'hosts.ini');
  if (!(await reached(engine, run))) {
    throw new Error(`Not reached: ${(await run).stderr}`);
  }
  // In an object, since the process itself would be waited for.
  return { run, name: new RegExp(`process ${run.pid}\\b`) };
}

function left(engine: LabHost): Promise<string[]> {
  return readdir(join(engine.root, 'var/lib/hookfleet'));
}

for (const [where, place] of [
  ['changes the engine', BEFORE_THE_WRITE],
  ['verifies it', IN_THE_VERIFICATION],
] as const) {
  test(`of two hookfleets at once, while one ${where} the other waits; then both properties are there`, async t => {
    const { engine, control } = await setUp(t);
    const { run: ana } = await halted(control, engine, place);
    const ben = control.start('apply', 'ben.yml', '-i', 'hosts.ini', '--lock-wait', '120', '--json');
    let ended = false;
    const over = ben.then(() => {
      ended = true;
    });
    await sleep(4000);
    t.false(ended, 'it waits');
    t.false((await readStore(engineStore(engine)))[ROW]?.includes('ben'));
    await stopTrace(engine);
    const ends = await Promise.all([ana, ben, over]);
    t.deepEqual([ends[0].exitCode, ends[1].exitCode], [0, 0], ends[1].stdout);
    t.is((await readStore(engineStore(engine)))[ROW], 'ana=^x$;ben=^x$');
    t.is((await loadedRows(engine))[ROW], 'ana=^x$;ben=^x$');
    t.is(await engineStarts(engine), 3, 'one restart each');
    t.deepEqual(await left(engine), ['engine-history']);
  });

  test(`who does not want to wait while another ${where} stops with its name, and changes nothing`, async t => {
    const { engine, control } = await setUp(t);
    const { run: ana, name } = await halted(control, engine, place);
    const ben = await control.json('apply', 'ben.yml', '-i', 'hosts.ini', '--lock-wait', '1');
    t.is(ben.exitCode, 1);
    const message = ben.report.hosts['engine-1']?.error?.message ?? '';
    t.regex(message, /^(The engine is locked by|Another hookfleet is changing this host:) /);
    t.regex(message, name);
    t.false((await readStore(engineStore(engine)))[ROW]?.includes('ben'));
    await stopTrace(engine);
    t.is((await ana).exitCode, 0);
  });
}

test('the lock tells who has it, that its holder is gone, and goes on demand', async t => {
  const { engine, control } = await setUp(t);
  const status = async () => (await control.run('lock', 'status', '-i', 'hosts.ini')).stdout;
  t.is(await status(), 'engine-1  free');
  const { run: ana, name } = await halted(control, engine, BEFORE_THE_WRITE);
  t.regex(await status(), name);
  t.regex(
    await status(),
    /^engine-1 {2}locked {2}by .* \(run .*, since .*Z\): its connection to the host is open$/,
  );
  const check = await control.json('check', 'ben.yml', '-i', 'hosts.ini');
  t.regex(
    check.report.hosts['engine-1']?.notes.join() ?? '',
    /^The engine is locked by .*its connection to the host is open/,
  );
  ana.kill('SIGKILL');
  await ana;
  await until(async () => (await status()).includes('its last step still runs'));
  await stopTrace(engine);
  await until(async () => (await status()).includes('nothing of it runs on the host any more'));
  t.regex(await status(), /^engine-1 {2}left behind {2}by /);

  const unasked = await control.run('lock', 'release', '-i', 'hosts.ini');
  t.is(unasked.exitCode, 2);
  t.regex(unasked.stderr, /--yes/);
  t.true(existsSync(join(engine.root, 'var/lib/hookfleet/engine.lock')));
  const released = await control.run('lock', 'release', '-i', 'hosts.ini', '--yes');
  t.is(released.exitCode, 0, released.stderr);
  t.is(released.stdout, 'engine-1: released');
  t.regex(
    released.stderr,
    /is locked by .*process \d+.*\n.*An apply takes such a lock over by itself\.\n.*a restart may be due/,
  );
  t.is(await status(), 'engine-1  free');
  t.is(
    (await control.run('lock', 'release', '-i', 'hosts.ini', '--yes')).stdout,
    'No engine that was reached is locked.',
  );
});

test('a run that is killed needs no release: the next one takes its lock over, and names it', async t => {
  const { engine, control } = await setUp(t);
  const { run: ana, name } = await halted(control, engine, IN_THE_VERIFICATION);
  ana.kill('SIGKILL');
  await ana;
  await stopTrace(engine);
  const again = await control.json('apply', 'ana.yml', '-i', 'hosts.ini');
  t.is(again.exitCode, 0, again.stdout);
  const changes: readonly { readonly id: string; readonly before?: string }[] =
    again.report.hosts['engine-1']?.changes ?? [];
  t.is(changes.length, 1);
  t.is(changes[0]?.id, '/var/lib/hookfleet/engine.lock');
  t.regex(changes[0]?.before ?? '', /^left by .* \(run .*\): its connection is gone/);
  t.regex(changes[0]?.before ?? '', name);
  t.deepEqual(await left(engine), ['engine-history']);
  t.is(await engineStarts(engine), 2);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error('Waited for a minute in vain');
    }
    await sleep(100);
  }
}
