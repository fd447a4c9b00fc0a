import { InputError } from '../../core/input-error.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { Look } from '../../report/catalog/catalog-layout.ts';
import { jsonText } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { readVersion } from '../version.ts';

// Lines longer than this are hard to read, on however wide a terminal.
const WIDEST = 100;

/** How a page of the catalogue is to look on stdout. */
export function look(): Look {
  const { stdout } = process;
  return { width: Math.min(stdout.columns || WIDEST, WIDEST), paint: makePaint(stdout, process.env) };
}

/** Prints on stdout; gives the exit code. */
export function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** Prints one document on stdout; gives the exit code. */
export function printJson(command: string, document: object): number {
  return print(jsonText({ hookfleet: readVersion(), command, ...document }));
}

/** For people alone: not where the output goes to a file or a program. */
export function hint(lines: readonly string[]): void {
  if (process.stdout.isTTY) {
    process.stderr.write(`\n${lines.join('\n')}\n`);
  }
}

/** A name that is none of the known ones, with the one that was most likely meant. */
export function unknown(kind: string, name: string, known: readonly string[], command: string): InputError {
  const near = didYouMean(name, known);
  return new InputError([
    {
      message: `unknown ${kind} "${name}"`,
      hint: near === undefined ? `${command} shows them all` : `Did you mean "${near}"?`,
    },
  ]);
}
