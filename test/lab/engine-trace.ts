import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LabHost } from './host.ts';

/** A step that hookfleet has run on a host: the fragment of a script. */
export interface TracedStep {
  /** Both from 1. */
  readonly script: number;
  readonly step: number;
  /** How many commands it has run. */
  readonly commands: number;
}

const FOLDER = 'var/lib/lab-trace';

/** Makes a host on which any command of any step can be halted. Its `sh` is bash from now on, as on EL. */
export async function traceHost({ root }: LabHost): Promise<void> {
  await mkdir(join(root, FOLDER), { recursive: true });
  await copyFile(
    fileURLToPath(new URL('engine/trace.sh', import.meta.url)),
    join(root, 'usr/local/lib/trace.sh'),
  );
  // The first folder of sudo's secure_path.
  const shell = join(root, 'usr/local/sbin/sh');
  await writeFile(shell, '#!/bin/bash\nBASH_ENV=/usr/local/lib/trace.sh exec /bin/bash "$@"\n');
  await chmod(shell, 0o755);
}

/** Starts to count anew; `stop` is where the next scripts halt. */
export async function startTrace({ root }: LabHost, stop?: string): Promise<void> {
  const folder = join(root, FOLDER);
  await stopTrace({ root });
  await Promise.all(['stop', 'log', 'reached', 'go'].map(name => rm(join(folder, name), { force: true })));
  if (stop !== undefined) {
    await writeFile(join(folder, 'stop'), `${stop}\n`);
  }
  await writeFile(join(folder, 'execs'), '0\n');
}

/** No script that begins from now on is counted or halted; what halts goes on. */
export async function stopTrace({ root }: Pick<LabHost, 'root'>): Promise<void> {
  await rm(join(root, FOLDER, 'execs'), { force: true });
  await writeFile(join(root, FOLDER, 'go'), '');
}

/** Whether the place to halt at was reached before the given process has ended. */
export async function reached({ root }: LabHost, running: PromiseLike<unknown>): Promise<boolean> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  running.then(end, end);
  const isThere = () => existsSync(join(root, FOLDER, 'reached'));
  while (!isThere() && !ended) {
    await sleep(20);
  }
  return isThere();
}

/** The steps that were run since {@link startTrace}, in order. */
export async function tracedSteps({ root }: LabHost): Promise<readonly TracedStep[]> {
  const log = await readFile(join(root, FOLDER, 'log'), 'utf8');
  const steps = new Map<string, TracedStep>();
  for (const line of log.trimEnd().split('\n')) {
    const [script, step, command] = line.split(' ');
    const key = `${script} ${step}`;
    const before = steps.get(key)?.commands ?? 0;
    const commands = command === 'after' ? before : Math.max(before, Number(command));
    steps.set(key, { script: Number(script), step: Number(step), commands });
  }
  return [...steps.values()];
}
