import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { driftedPage, largePage, photograph } from './page.ts';
import { COLUMNS, driftShot, failureShot, onTerminal, rolloutShot, textOf, withFleet } from './shots.ts';
import { terminalSvg } from './svg.ts';
import { type Run, screenOf } from './terminal.ts';

// Makes the pictures of README and docs, docs/images/*, from what the program shows on a terminal and in Chromium, as it
// is built, over fleets of simulated hosts. Runs on Linux.

const IMAGES = new URL('../../docs/images/', import.meta.url);

await mkdir(IMAGES, { recursive: true });
await draw('demo', 'hookfleet demo: simulated hosts', story((await onTerminal(['demo'])).output));
await draw('rolling-out', 'Rolling out in batches: simulated hosts', await withFleet(rolloutShot));
await draw('failure', 'A bad first batch: simulated hosts', await withFleet(failureShot));
await draw('drift', 'A check that finds drift: simulated hosts', await withFleet(driftShot));
await photograph(await withFleet(driftedPage), image('page.png'), {
  colorScheme: 'light',
  width: 1100,
  height: 1250,
});
await photograph(largePage(1000), image('page-1000.png'), { colorScheme: 'dark', width: 1920, height: 1080 });

async function draw(name: string, title: string, screen: readonly (readonly Run[])[]): Promise<void> {
  const last = screen.findLastIndex(row => row.some(({ text }) => text.trim() !== ''));
  await writeFile(image(`${name}.svg`), terminalSvg(title, screen.slice(0, last + 1), COLUMNS));
}

function image(name: string): string {
  return fileURLToPath(new URL(name, IMAGES));
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
