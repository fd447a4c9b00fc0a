import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { terminalSvg } from './svg.ts';
import { screenOf } from './terminal.ts';

// Makes the picture of the README, docs/images/demo.svg, from what `hookfleet demo` shows on a terminal, as it is
// built. The terminal comes from script(1) of util-linux, so this runs on Linux.

const COLUMNS = 112;
const BIN = fileURLToPath(new URL('../../bin/hookfleet.js', import.meta.url));
const PICTURE = fileURLToPath(new URL('../../docs/images/demo.svg', import.meta.url));

const { stdout } = await execa(
  'script',
  ['-qec', `stty cols ${COLUMNS} rows 60; exec '${process.execPath}' '${BIN}' demo`, '/dev/null'],
  {
    env: { TERM: 'xterm-256color', CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined },
    stdin: 'ignore',
  },
);
const screen = screenOf(stdout, COLUMNS);
const texts = screen.map(row => row.map(({ text }) => text).join(''));
// From where somebody breaks three hosts: what comes before is a host with everything to install, and one with nothing.
const first = texts.findIndex(text => text.startsWith('3. '));
const last = texts.findLastIndex(text => /^\d+ hosts: \d+ ok$/.test(text));
if (first === -1 || last < first) {
  throw new Error(`this is no story:\n${texts.join('\n')}`);
}
await mkdir(fileURLToPath(new URL('../../docs/images/', import.meta.url)), { recursive: true });
await writeFile(
  PICTURE,
  terminalSvg('hookfleet demo: simulated hosts', screen.slice(first, last + 1), COLUMNS),
);
