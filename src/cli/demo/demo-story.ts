import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sh } from '../../core/sh.ts';
import { BREAKAGES, breakHosts, typed } from '../../demo/breakage.ts';
import { FLEET_OPTIONS, PLAYBOOK, PLAYBOOK_TEXT } from '../../demo/control.ts';
import type { DemoFleet } from '../../demo/fleet.ts';
import { makePaint } from '../../report/paint.ts';
import { EXIT_INTERRUPTED } from '../../run/exit-code.ts';
import { SIGNALS } from '../terminal/interrupt.ts';

interface Chapter {
  readonly title: string;
  /** What is typed, as words behind `hookfleet`; nothing where somebody breaks hosts. */
  readonly command?: readonly string[];
  readonly exitCode: number;
}

const APPLY = ['apply', PLAYBOOK, ...FLEET_OPTIONS, '--yes'];
const CHECK = ['check', PLAYBOOK, ...FLEET_OPTIONS];

const STORY: readonly Chapter[] = [
  { title: 'None of this is there yet: apply the playbook', command: APPLY, exitCode: 0 },
  { title: 'Apply it again: nothing changes, nothing is restarted', command: APPLY, exitCode: 0 },
  { title: 'Somebody is at work by hand, on three hosts', exitCode: 0 },
  { title: 'Check finds exactly that, and changes nothing', command: CHECK, exitCode: 3 },
  { title: 'Apply mends exactly that', command: APPLY, exitCode: 0 },
  { title: 'All is as it should be', command: CHECK, exitCode: 0 },
];

const BIN = fileURLToPath(new URL('../../../bin/hookfleet.js', import.meta.url));

/**
 * Tells on a fleet what this program does: types its commands, one after the other, and lets them be seen.
 *
 * @returns 0, 130 after an interrupt, 1 where a command did not end as the story has it.
 */
export async function tellStory(fleet: DemoFleet, interrupt: AbortSignal): Promise<number> {
  const { bold, dim } = makePaint(process.stdout, process.env);
  const startedAt = performance.now();
  say(introduction(bold));
  for (const [i, { title, command, exitCode }] of STORY.entries()) {
    if (interrupt.aborted) {
      return EXIT_INTERRUPTED;
    }
    say(bold(`${i + 1}. ${title}`));
    if (command === undefined) {
      say(`${breakageLines(dim)}\n`);
      await breakHosts(fleet);
      continue;
    }
    say(`${dim('$')} ${sh`hookfleet ${command}`.text}`);
    const code = await hookfleet(command, fleet.folder);
    if (interrupt.aborted) {
      return EXIT_INTERRUPTED;
    }
    if (code !== exitCode) {
      process.stderr.write(`The demo did not go as it should: exit code ${code}, not ${exitCode}.\n`);
      return 1;
    }
    say(code === 0 ? '' : `${dim(`(exit code ${code})`)}\n`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(
    `Told in ${seconds} s; nothing is left behind. To play with such a fleet: ${bold('hookfleet demo --keep')}`,
  );
  return 0;
}

function introduction(bold: (text: string) => string): string {
  return `${bold('hookfleet demo: twelve hypervisors and their engine')}

These hosts are simulated: folders of this machine, each with an SSH server on 127.0.0.1. Stand-ins
play rpm, dnf, systemctl and engine-config. hookfleet does not know: it sends what real hosts get.

What shall be there, ${PLAYBOOK}:

${PLAYBOOK_TEXT.replaceAll(/^(?=.)/gm, '    ')}`;
}

function breakageLines(dim: (text: string) => string): string {
  const prompts = BREAKAGES.map(({ host }) => `[root@${host}]#`);
  const width = Math.max(...prompts.map(prompt => prompt.length));
  return BREAKAGES.map(
    (breakage, i) =>
      `${dim((prompts[i] ?? '').padEnd(width))} ${typed(breakage)}\n${' '.repeat(width)} ${dim(`# ${breakage.effect}`)}`,
  ).join('\n');
}

/** Runs the program itself, as typed, and passes signals on; it writes where this process writes. */
async function hookfleet(words: readonly string[], folder: string): Promise<number | null> {
  const { SSH_AUTH_SOCK: _, ...env } = process.env;
  const child = spawn(process.execPath, [BIN, ...words], {
    cwd: folder,
    // The records of these runs go with the fleet.
    env: { ...env, XDG_STATE_HOME: join(folder, 'state') },
    stdio: ['ignore', 'inherit', 'inherit'],
    // The terminal's interrupt would come to it twice, and the second one means to give up at once.
    detached: true,
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of SIGNALS) {
    process.on(signal, pass);
  }
  // Where a reader of the story has gone away (`| head`), this process ends at once.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    const [code] = await once(child, 'exit');
    return code;
  } finally {
    process.off('exit', kill);
    for (const signal of SIGNALS) {
      process.off(signal, pass);
    }
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
