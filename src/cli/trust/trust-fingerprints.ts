import { readFile } from 'node:fs/promises';
import { InputError, type Problem } from '../../core/input-error.ts';

/** The fingerprints that the user has got from somewhere safe. */
export interface Fingerprints {
  /** Whether a key with this fingerprint may be trusted for a host, given by all its names. */
  accept(fingerprint: string, names: readonly string[]): boolean;
}

/**
 * Reads a file of fingerprints.
 *
 * @throws {InputError} if it cannot be read, and for each line that is no fingerprint.
 */
export async function readFingerprints(file: string): Promise<Fingerprints> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
    throw new InputError([
      { place: { file }, message: missing ? 'there is no such file' : `cannot be read: ${error.message}` },
    ]);
  });
  return parseFingerprints(text, file);
}

/**
 * Parses fingerprints, one a line: `SHA256:…` alone or what `ssh-keygen -lf` prints count for any host, `host SHA256:…`
 * (several names with commas between) for this one alone. Empty lines and `#` comments are passed over.
 *
 * @throws {InputError} with every line that is none, and where there is not one.
 */
export function parseFingerprints(text: string, file: string): Fingerprints {
  const forAny = new Set<string>();
  const forHost = new Map<string, Set<string>>();
  const problems: Problem[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) {
      continue;
    }
    const [, before = '', fingerprint] = LINE.exec(line) ?? [];
    if (fingerprint === undefined) {
      problems.push({ place: { file, line: index + 1 }, ...wrong(line) });
    } else if (before === '' || /^\d+ $/.test(before)) {
      forAny.add(fingerprint);
    } else {
      for (const name of before.trim().toLowerCase().split(',')) {
        forHost.set(name, (forHost.get(name) ?? new Set()).add(fingerprint));
      }
    }
  }
  if (problems.length === 0 && forAny.size === 0 && forHost.size === 0) {
    problems.push({ place: { file }, message: 'there is no fingerprint in it', hint: FORMS });
  }
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return {
    accept: (fingerprint, names) =>
      forAny.has(fingerprint) ||
      names.some(name => forHost.get(name.toLowerCase())?.has(fingerprint) === true),
  };
}

/** 32 bytes in base64 without the padding, which some programs write all the same. */
const LINE = /^((?:\S+ +)?)(SHA256:[A-Za-z0-9+/]{43})=?(?:\s.*)?$/;

const FORMS = 'Lines are: SHA256:…, host SHA256:…, or what ssh-keygen -lf prints';

function wrong(line: string): Pick<Problem, 'message' | 'hint'> {
  return /\bMD5:|(?:[0-9a-f]{2}:){15}/.test(line)
    ? { message: 'an MD5 fingerprint says too little', hint: 'Take those of ssh-keygen -l -E sha256' }
    : { message: 'this is no fingerprint', hint: FORMS };
}
