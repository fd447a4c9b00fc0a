import { readFile } from 'node:fs/promises';
import { InputError } from '../core/input-error.ts';
import { splitTerms } from './patterns.ts';

/**
 * The terms of a `--limit`: a pattern, in which `@FILE` stands for the terms in the lines of a file (relative to the
 * current folder), as in Ansible. Empty lines count for nothing.
 *
 * @throws {InputError} for a file that cannot be read, or that names nothing.
 */
export async function readLimit(limit: string): Promise<readonly string[]> {
  const terms = await Promise.all(
    splitTerms(limit).map(term => (term.startsWith('@') ? readTerms(term.slice(1)) : [term])),
  );
  return terms.flat();
}

async function readTerms(file: string): Promise<readonly string[]> {
  const lines = (await readText(file)).split(/\r?\n/).map(line => line.trim());
  const terms = lines.filter(line => line !== '');
  if (terms.length === 0) {
    throw new InputError([
      { place: { file }, message: 'the file names no host', hint: 'Write one host, group or pattern a line' },
    ]);
  }
  return terms;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError([
      {
        place: { file },
        message: `the file of --limit cannot be read: ${error instanceof Error ? error.message : error}`,
        hint: 'Behind @ stands the name of a file with one host, group or pattern a line',
      },
    ]);
  }
}
