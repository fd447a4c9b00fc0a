import { existsSync } from 'node:fs';
import { appendFile, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { selectPlays } from '../../src/cli/plays/select-plays.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { loadPlaybook } from '../../src/playbook/playbook.ts';
import { engineLockFor } from '../../src/run/engine-lock.ts';
import { hostLockStep } from '../../src/run/host-lock.ts';
import { planHost, probeFragments } from '../../src/run/host-plan.ts';
import { engineStarts, engineStore, loadedRows } from './engine.ts';
import { freshRows, type Rows, readStore, SECURITY_GROUPS, writeStore } from './engine-store.ts';
import { reached, startTrace, stopTrace, type TracedStep, tracedSteps, traceHost } from './engine-trace.ts';
import { type Control, makeControl } from './fleet.ts';
import { bootHost, type LabHost } from './host.ts';
import { login } from './login.ts';

/** An engine and a control machine of its own, which reaches it directly, or on a way that can be cut. */
export interface Lane {
  readonly engine: LabHost;
  readonly control: Control;
  /** Cuts the connections of the inventory `cut.ini`. */
  cut(): void;
  close(): Promise<void>;
}

const LEVEL = '4.8';

/** Properties that are there before, and must be there after. */
const BEFORE: Rows = {
  ...freshRows([LEVEL]),
  [`UserDefinedVMProperties@${LEVEL}`]: 'foreign=^f$',
  [`CustomDeviceProperties@${LEVEL}`]: `{type=disk;prop={foreign=^d$}};{type=interface;prop={${SECURITY_GROUPS}}}`,
};

const AFTER: Rows = {
  ...BEFORE,
  [`UserDefinedVMProperties@${LEVEL}`]: 'foreign=^f$;audit_tag=^x$',
  [`CustomDeviceProperties@${LEVEL}`]: `{type=disk;prop={foreign=^d$}};{type=interface;prop={${SECURITY_GROUPS};audit_port=^[0-9]+$}}`,
};

export async function openLane(): Promise<Lane> {
  const quick = { refusedSeconds: 0.1, notFoundSeconds: 0.1, unavailableSeconds: 0.1 };
  const engine = await bootHost({ name: 'engine-1', kind: 'engine', engine: { levels: [LEVEL], ...quick } });
  await traceHost(engine);
  const control = await makeControl({ engines: [engine] });
  await control.write(
    'site.yml',
    `- hosts: engine
  become: true
  engine_health_url: http://${engine.address}/ovirt-engine/services/health
  engine_properties:
    vm: { audit_tag: '^x$' }
    device: { interface: { audit_port: '^[0-9]+$' } }
`,
  );
  const way = await cuttableWay(engine.address);
  await control.write(
    'cut.ini',
    `[engine]\nengine-1 ansible_host=127.0.0.1 ansible_port=${way.port} ansible_user=ops\n`,
  );
  const known = engine.hostKeys.map(key => `[127.0.0.1]:${way.port} ${key}\n`);
  await appendFile(join(control.folder, 'home/.ssh/known_hosts'), known.join(''));
  return {
    engine,
    control,
    cut: way.cut,
    async close() {
      way.close();
      await engine.stop();
      await control.remove();
    },
  };
}

async function cuttableWay(address: string) {
  const sockets = new Set<Socket>();
  const server = createServer(near => {
    const far = connect(22, address);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
      from.pipe(to);
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address();
  const cut = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  return {
    port: typeof listening === 'object' && listening ? listening.port : 0,
    cut,
    close() {
      cut();
      server.close();
    },
  };
}

/** A remote step of a run on an engine, as the plan has it and as the host has seen it. */
export interface MatrixStep extends TracedStep {
  readonly title: string;
}

const APPLY = ['apply', 'site.yml', '-i'] as const;

/**
 * The remote steps of a whole run, in order: their titles from the run's own plan, their commands from the host, which
 * has counted them.
 */
export async function enumerateSteps(t: ExecutionContext, lane: Lane): Promise<readonly MatrixStep[]> {
  await reset(lane);
  const planned = await plannedTitles(t, lane);
  await startTrace(lane.engine);
  const { exitCode, stderr } = await lane.control.run(...APPLY, 'hosts.ini');
  t.is(exitCode, 0, stderr);
  const traced = await tracedSteps(lane.engine);
  await stopTrace(lane.engine);
  t.deepEqual(
    planned.map(titles => titles.length),
    [1, 2, 3].map(script => traced.filter(step => step.script === script).length),
    'every step that the host has run is in the plan, and the other way round',
  );
  t.is(Math.max(...traced.map(({ script }) => script)), 3);
  return traced.map(step => ({ ...step, title: planned[step.script - 1]?.[step.step - 1] ?? '' }));
}

/** The titles of what the three scripts of a run consist of: the probe, the change, the verification. */
async function plannedTitles(t: ExecutionContext, { engine, control }: Lane): Promise<readonly string[][]> {
  const inventory = await loadInventory([join(control.folder, 'hosts.ini')]);
  const playbook = await loadPlaybook(join(control.folder, 'site.yml'));
  const prepare = { dnfLockWaitSeconds: 1, namedOnly: false };
  const { plays } = await selectPlays(playbook, inventory, { inventory: [] }, prepare);
  const [host] = plays[0]?.hosts ?? [];
  const resources = (host && plays[0]?.resourcesOf(host)) ?? [];
  const plan = await planHost(await login(t, engine), resources, true);
  const due = plan.parts.filter(part => part.changes.length > 0);
  const lock = engineLockFor(resources, { id: 'r', holder: 'h' }, 1);
  const steps = [hostLockStep('h'), ...(lock ? [lock.take] : []), ...due.flatMap(part => part.steps())];
  const questions = [
    'who runs this',
    'who changed the host last',
    'which versions it has',
    ...resources.map(({ kind }) => kind),
  ];
  t.is(questions.length, probeFragments(resources).length);
  return [
    questions.map(question => `look: ${question}`),
    steps.map(({ title }) => title),
    [...questions.map(question => `verify: ${question}`), 'give the lock of the engine back'],
  ];
}

async function reset({ engine }: Lane): Promise<void> {
  await rm(join(engine.root, 'var/lib/hookfleet'), { recursive: true, force: true });
  await writeStore(engineStore(engine), BEFORE, { delay_ms: 10, after_write_ms: 0 });
}

const ALL = '2 values, restart';

/** Where in a step the run is interrupted. */
export const PLACES = ['before', 'during', 'after'] as const;

export type Place = (typeof PLACES)[number];

/**
 * Interrupts a run at one place, runs it again, and looks at what came of both.
 *
 * @returns what the second run still had to do.
 */
export async function interruptAt(
  t: ExecutionContext,
  lane: Lane,
  { script, step, commands, title }: MatrixStep,
  place: Place,
  how: 'kill' | 'cut',
): Promise<string> {
  const { engine, control } = lane;
  await reset(lane);
  const startsBefore = await engineStarts(engine);
  const at = { before: '1', during: String(Math.ceil((commands + 1) / 2)), after: 'after' }[place];
  const name = `${how} ${place} "${title}" (script ${script}, step ${step}, command ${at})`;
  await startTrace(engine, `${script} ${step} ${at}`);
  const first = control.start(...APPLY, how === 'cut' ? 'cut.ini' : 'hosts.ini');
  if (!(await reached(engine, first))) {
    const ended = await first;
    throw new Error(`${name} was not reached: ${ended.stdout} ${ended.stderr}`);
  }
  if (how === 'cut') {
    lane.cut();
  } else {
    first.kill('SIGKILL');
  }
  const { exitCode, signal, stderr } = await first;
  t.true(
    // What is lost before the first change is tried again.
    how === 'cut'
      ? exitCode === 1 || exitCode === 4 || (exitCode === 0 && script === 1)
      : signal === 'SIGKILL',
    `${name}: ${exitCode} ${stderr}`,
  );
  await stopTrace(engine);

  const second = await control.json(...APPLY, 'hosts.ini');
  t.is(second.exitCode, 0, `${name}: ${second.stderr} ${second.stdout}`);
  t.deepEqual(await readStore(engineStore(engine)), AFTER, `${name}: all properties are set, none is lost`);
  t.deepEqual(await loadedRows(engine), AFTER, `${name}: the running engine has read them`);
  t.is((await engineStarts(engine)) - startsBefore, 1, `${name}: exactly one restart`);
  const folder = join(engine.root, 'var/lib/hookfleet');
  t.deepEqual(await readdir(folder), ['engine-history'], `${name}: nothing is left behind`);
  const history = await readdir(join(folder, 'engine-history'));
  t.true(history.length > 0 && history.every(file => /^\d{8}T\d{6}Z-[0-9a-f]{4}\.json$/.test(file)), name);
  t.false(existsSync(join(engine.root, 'root/core')));
  const due = stillDue(second.report.hosts['engine-1']?.changes ?? []);
  if (how === 'cut' && script === 1) {
    t.is(due, exitCode === 0 ? 'nothing' : ALL, name);
    return `${ALL} *`;
  }
  // After the last look the lock is given back, perhaps before the kill arrives.
  if (title === 'verify: engine-properties' && place === 'after') {
    return due.replace(/^(lock|nothing)$/, 'perhaps lock');
  }
  // Whether the engine was up at once when the wait went on without anybody who listened.
  return title.startsWith('wait until') ? due.replace(/^(health, )?lock$/, 'lock, perhaps health') : due;
}

/** `2 values, restart, lock`; the marker that is cleared away and the wait are both a look at the engine's health. */
function stillDue(changes: readonly { readonly action: string; readonly id: string }[]): string {
  const values = changes.filter(({ action }) => action === 'set').length;
  const ids = changes.map(({ action, id }) => `${action} ${id}`);
  const parts = [
    ...(values > 0 ? [`${values} value${values === 1 ? '' : 's'}`] : []),
    ...(ids.includes('restart ovirt-engine') ? ['restart'] : []),
    ...(ids.some(id => id === 'wait-healthy ovirt-engine' || id.endsWith('/restart-due')) ? ['health'] : []),
    ...(ids.includes('remove /var/lib/hookfleet/engine.lock') ? ['lock'] : []),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
