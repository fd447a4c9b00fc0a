import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { COLUMNS, driftShot, failureShot, onTerminal, rolloutShot, textOf, withFleet } from './shots.ts';
import { terminalSvg } from './svg.ts';
import { type Run, screenOf } from './terminal.ts';

// Makes the pictures of README and docs, docs/images/*.svg, from what the program shows on a terminal, as it is built,
// over fleets of simulated hosts. Runs on Linux.

const IMAGES = new URL('../../docs/images/', import.meta.url);

await mkdir(IMAGES, { recursive: true });
await draw('demo', 'hookfleet demo: simulated hosts', story((await onTerminal(['demo'])).output));
await draw('rolling-out', 'Rolling out in batches: simulated hosts', await withFleet(rolloutShot));
await draw('failure', 'A bad first batch: simulated hosts', await withFleet(failureShot));
await draw('drift', 'A check that finds drift: simulated hosts', await withFleet(driftShot));

async function draw(name: string, title: string, screen: readonly (readonly Run[])[]): Promise<void> {
  const last = screen.findLastIndex(row => row.some(({ text }) => text.trim() !== ''));
  const file = fileURLToPath(new URL(`${name}.svg`, IMAGES));
  await writeFile(file, terminalSvg(title, screen.slice(0, last + 1), COLUMNS));
}

/** From where somebody breaks three hosts: what comes before is a host with everything to install, and one with nothing. */
function story(output: string): Run[][] {
  const screen = screenOf(output, COLUMNS);
  const lines = textOf(screen).split('\n');
  const first = lines.findIndex(text => text.startsWith('3. '));
  const last = lines.findLastIndex(text => /^\d+ hosts: \d+ ok$/.test(text));
  if (first === -1 || last < first) {
    throw new Error(`this is no story:\n${lines.join('\n')}`);
  }
  return screen.slice(first, last + 1);
}
