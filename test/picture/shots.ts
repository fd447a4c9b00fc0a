import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { breakHosts } from '../../src/demo/breakage.ts';
import { FLEET_OPTIONS, PLAYBOOK } from '../../src/demo/control.ts';
import { type DemoFleet, startFleet } from '../../src/demo/fleet.ts';
import { type Run, screenOf } from './terminal.ts';

export const COLUMNS = 112;

const BIN = fileURLToPath(new URL('../../bin/hookfleet.js', import.meta.url));

/** What a terminal of {@link COLUMNS} columns got from the program; the terminal comes from script(1) of util-linux. */
export async function onTerminal(
  args: readonly string[],
  folder?: string,
): Promise<{ readonly output: string }> {
  const command = [process.execPath, BIN, ...args].map(word => `'${word}'`).join(' ');
  const { stdout } = await execa(
    'script',
    ['-qec', `stty cols ${COLUMNS} rows 60; exec ${command}`, '/dev/null'],
    {
      ...(folder === undefined ? {} : { cwd: folder }),
      env: {
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        LC_ALL: undefined,
        CI: undefined,
        NO_COLOR: undefined,
        FORCE_COLOR: undefined,
        SSH_AUTH_SOCK: undefined,
      },
      stdin: 'ignore',
      reject: false,
    },
  );
  return { output: stdout };
}

/** Brings a fleet of simulated hosts up for as long as pictures are made of it. */
export async function withFleet<T>(work: (fleet: DemoFleet) => Promise<T>): Promise<T> {
  const { fleet, stop } = await startFleet();
  try {
    return await work(fleet);
  } finally {
    await stop();
  }
}

/** A rollout in batches, in the middle of the last one; a host has gone. */
export async function rolloutShot({ folder }: DemoFleet): Promise<Run[][]> {
  const inventory = await readFile(join(folder, 'hosts.ini'), 'utf8');
  const gone = 'hv-13 ansible_host=127.0.0.1 ansible_port=1\n';
  await writeFile(join(folder, 'rack.ini'), inventory.replace(/^hv-02/m, `${gone}hv-02`));
  await writeFile(
    join(folder, 'rollout.yml'),
    `- name: Hooks on every hypervisor
  hosts: hypervisors
  serial: [1, 25%, 100%]
  max_fail_percentage: 40
  vdsm_hooks: [diskunmap, qemucmdline, extnet]
- name: Custom properties in the engine
  hosts: engine
  engine_properties:
    from_hooks: true
`,
  );
  const words = [
    'apply',
    'rollout.yml',
    ...FLEET_OPTIONS.map(word => (word === 'hosts.ini' ? 'rack.ini' : word)),
    ...['--yes', '-f', '2'],
  ];
  const { output } = await onTerminal(words, folder);
  const inMiddle = (text: string) => /batch 3 of 3 +[3-8]\//.test(text) && /unreachable hv-13/.test(text);
  return [typed(words), ...momentOf(output, inMiddle)];
}

/** A first batch in which every host fails for the same reason. */
export async function failureShot({ folder }: DemoFleet): Promise<Run[][]> {
  const playbook = `- name: Hooks on every hypervisor
  hosts: hypervisors
  serial: [3, 100%]
  vdsm_hooks: [diskunmap, macspoof]
`;
  await writeFile(join(folder, 'old.yml'), playbook);
  const words = ['apply', 'old.yml', ...FLEET_OPTIONS, '--yes'];
  const { output } = await onTerminal(words, folder);
  return [typed(words), ...screenOf(output, COLUMNS)];
}

/** A check after somebody was at work by hand. */
export async function driftShot(fleet: DemoFleet): Promise<Run[][]> {
  await onTerminal(['apply', PLAYBOOK, ...FLEET_OPTIONS, '--yes'], fleet.folder);
  await breakHosts(fleet);
  const words = ['check', PLAYBOOK, ...FLEET_OPTIONS];
  const { output } = await onTerminal(words, fleet.folder);
  return [typed(words), ...screenOf(output, COLUMNS)];
}

/** The last frame of a live view that shows what is looked for. */
function momentOf(output: string, isIt: (text: string) => boolean): Run[][] {
  const endOfFrame = '\u001b[J';
  const parts = output.split(endOfFrame);
  for (let end = parts.length; end > 0; end -= 1) {
    const screen = screenOf(parts.slice(0, end).join(endOfFrame) + endOfFrame, COLUMNS);
    if (isIt(textOf(screen))) {
      return screen;
    }
  }
  throw new Error(`the moment never came:\n${textOf(screenOf(output, COLUMNS))}`);
}

export function textOf(screen: readonly (readonly Run[])[]): string {
  return screen.map(row => row.map(({ text }) => text).join('')).join('\n');
}

function typed(words: readonly string[]): Run[] {
  return screenOf(`\u001b[2m$\u001b[22m hookfleet ${words.join(' ')}`, COLUMNS)[0] ?? [];
}
