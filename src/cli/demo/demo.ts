import { once } from 'node:events';
import { basename } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import { sh } from '../../core/sh.ts';
import { FLEET_OPTIONS, PLAYBOOK } from '../../demo/control.ts';
import type { DemoFleet } from '../../demo/fleet.ts';
import { startFleetProcess } from '../../demo/fleet-process.ts';
import { makePaint } from '../../report/paint.ts';
import { SIGNALS } from '../terminal/interrupt.ts';
import { tellStory } from './demo-story.ts';

export interface DemoOptions {
  /** In the place of the story: leave the fleet up, as it is before the story, until an interrupt. */
  readonly keep?: boolean;
}

/**
 * The command `demo`: an embedded fleet of simulated hosts, and what this program does told on it; or the fleet alone,
 * to play with.
 *
 * @returns the exit code. An interrupt is how a fleet that is kept ends, so it is 0 there.
 * @throws {InputError} on a system other than Linux and macOS.
 */
export async function demo({ keep = false }: DemoOptions): Promise<number> {
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw new InputError([
      {
        message: `The demo runs on Linux and macOS, not on ${process.platform}`,
        hint: 'Its hosts run shell scripts. On Windows it runs in WSL.',
      },
    ]);
  }
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  for (const signal of SIGNALS) {
    process.on(signal, onSignal);
  }
  const running = await startFleetProcess();
  try {
    if (running === undefined) {
      return 1;
    }
    return keep
      ? await leaveUp(running.fleet, interrupt.signal, running.ended)
      : await tellStory(running.fleet, interrupt.signal);
  } finally {
    await running?.stop();
    for (const signal of SIGNALS) {
      process.off(signal, onSignal);
    }
  }
}

async function leaveUp(fleet: DemoFleet, interrupt: AbortSignal, gone: Promise<void>): Promise<number> {
  process.stdout.write(`${whatToType(fleet)}\n`);
  const over = interrupt.aborted ? Promise.resolve([]) : once(interrupt, 'abort');
  // Nothing else holds this process: what waits for a signal does not.
  const holdOn = setInterval(() => {}, 60_000);
  try {
    return await Promise.race([over.then(() => 0), gone.then(hasGone)]);
  } finally {
    clearInterval(holdOn);
  }
}

function hasGone(): number {
  process.stderr.write('The fleet has gone: its process was ended.\n');
  return 1;
}

function whatToType({ folder, hosts }: DemoFleet): string {
  const { bold, dim } = makePaint(process.stdout, process.env);
  const [, called = 'hookfleet'] = process.argv;
  const hookfleet = basename(called) === 'hookfleet' ? 'hookfleet' : called;
  const line = (...words: readonly string[]) => `  ${bold(sh`${[hookfleet, ...words]}`.text)}`;
  const disk = hosts.find(({ name }) => name === 'hv-03')?.disk ?? '';
  return `The fleet is up: ${hosts.map(({ name }) => name).join(', ')}.
These hosts are simulated: folders of this machine, each with an SSH server on 127.0.0.1.

In another terminal:

  ${bold(sh`cd ${folder}`.text)}
${line('check', PLAYBOOK, ...FLEET_OPTIONS)}
${line('apply', PLAYBOOK, ...FLEET_OPTIONS)}
${line('install', 'log_console', ...FLEET_OPTIONS)}

Break something, and check again:

  ${bold(sh`chmod a-x ${disk}/usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap`.text)}

${dim('Ctrl-C ends the fleet and takes everything away that it has made.')}`;
}
