import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { HookContext } from '../lint/context.ts';
import { type Finding, finding } from '../lint/finding.ts';
import { isMachineCode } from '../lint/hook-script.ts';
import type { Entry } from '../lint/names.ts';

/** One script to look through. */
export interface LintTarget {
  /** As it is shown: below the path that was given. */
  readonly path: string;
  readonly name: string;
  /** Whether that is its name on the hosts too. */
  readonly placed: boolean;
  readonly content: Uint8Array;
  readonly context: HookContext;
  /** Whether it is one that runs: of others only what is wrong with their place is told. */
  readonly read: boolean;
  /** What is wrong with its name, mode and place. */
  readonly findings: readonly Finding[];
}

/** Larger ones are no scripts; a deploy refuses them too. */
const LARGEST = 1024 * 1024;

/** What lies at a path, with its bytes where it is a file that can be read. */
export interface Found extends Entry {
  readonly path: string;
  readonly content?: Uint8Array;
  readonly trouble?: Finding;
}

/** Looks at one path. Pipes and devices are never opened; links are followed as whoever runs the hooks does. */
export async function lookAt(path: string): Promise<Found> {
  const base = { name: basename(path), path, executable: false, script: false };
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (stats instanceof Error) {
    return /^(?:ENOENT|ENOTDIR|ELOOP|ENAMETOOLONG)$/.test(stats.code ?? '')
      ? { ...base, type: 'broken' }
      : { ...base, type: 'other', trouble: unreadable(stats) };
  }
  if (!stats.isFile()) {
    return { ...base, type: stats.isDirectory() ? 'folder' : 'other' };
  }
  const executable = (stats.mode & 0o111) !== 0;
  if (stats.size > LARGEST) {
    const hint = 'Put what is large into a package, and call it from a script.';
    const message = `the file has ${stats.size} bytes: no script, and it would go to every host`;
    return { ...base, type: 'file', executable, trouble: finding('too-large', 1, message, hint) };
  }
  try {
    const content = await readFile(path);
    const script = isMachineCode(content) || /^(?:\xef\xbb\xbf)?#!/.test(content.toString('latin1', 0, 5));
    return { ...base, type: 'file', executable, script, content };
  } catch (error) {
    return { ...base, type: 'file', executable, trouble: unreadable(error) };
  }
}

/** What stands in a folder, by name. It is looked at one by one: there may be more than can be open at once. */
export async function lookInto(folder: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const name of (await readdir(folder)).sort()) {
    found.push(await lookAt(join(folder, name)));
  }
  return found;
}

export function unreadable(error: unknown): Finding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return finding('unreadable', 1, `cannot be read: ${code}`, 'Look at its owner and mode.');
}

/** The texts beside a hook that tell of its properties, as one. */
export async function textsIn(folder: string): Promise<string> {
  const entries = await lookInto(folder).catch(() => []);
  return entries
    .filter(one => /^README|\.(?:md|txt|rst|ya?ml)$/i.test(one.name) && one.content !== undefined)
    .map(one => Buffer.from(one.content ?? []).toString('utf8'))
    .join('\n');
}
