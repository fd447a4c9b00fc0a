import type { Look } from '../../report/catalog/catalog-layout.ts';
import { jsonText } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { readVersion } from '../version.ts';

// Lines longer than this are hard to read, on however wide a terminal.
const WIDEST = 100;

/** How a page of text on stdout is to look. */
export function pageLook(): Look {
  const { stdout } = process;
  return { width: Math.min(stdout.columns || WIDEST, WIDEST), paint: makePaint(stdout, process.env) };
}

/** Prints the one JSON document of a command. */
export function printDocument(command: string, document: object): void {
  process.stdout.write(`${jsonText({ hookfleet: readVersion(), command, ...document })}\n`);
}
