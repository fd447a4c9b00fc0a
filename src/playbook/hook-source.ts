import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { HookFile } from '../core/hook-file.ts';
import { InputError, type Place, type Problem } from '../core/input-error.ts';
import { isMachineCode, lintHookScript } from '../lint/hook-script.ts';
import { firstLine, readShebang } from '../lint/shebang.ts';
import {
  type Entry,
  eventProblem,
  fileProblem,
  LARGEST_HOOK,
  SHAPE,
  staysHere,
  tooLarge,
} from './hook-source-rules.ts';

/**
 * Reads a hook of the site's own: a folder of `<event>/<name>`, sorted by event and name. A file is a script, and gets
 * mode 0755, where it is executable here or begins with `#!` or as a program in machine code; else it gets 0644.
 *
 * @param place where the playbook names the folder, for what is wrong with the folder as a whole.
 * @throws {InputError} with everything that is wrong in it: what VDSM would not run or cannot name, what would make
 * every operation fail that runs it, and links that lead out of the folder.
 */
export async function readHookSource(folder: string, place: Place): Promise<readonly HookFile[]> {
  const top = await realpath(folder).catch(() => undefined);
  if (top === undefined || !(await stat(top)).isDirectory()) {
    const message = top === undefined ? 'does not exist' : 'is no folder';
    throw new InputError([{ place, message: `source: ${folder} ${message}`, hint: SHAPE }]);
  }
  const found = await readEvents(folder, top).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(error);
  });
  const files = found.flatMap(event => event.files);
  const problems = found.flatMap(event => event.problems);
  if (problems.length === 0 && files.length === 0) {
    problems.push({ place, message: `source: ${folder} has no hook scripts in it`, hint: SHAPE });
  }
  const bytes = files.reduce((sum, file) => sum + Buffer.byteLength(file.base64, 'base64'), 0);
  if (bytes > LARGEST_HOOK) {
    problems.push(tooLarge(place, `source: ${folder} has ${bytes} bytes`));
  }
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return files;
}

interface Found {
  readonly files: readonly HookFile[];
  readonly problems: readonly Problem[];
}

async function readEvents(folder: string, top: string): Promise<Found[]> {
  const events = await entriesOf(folder, top);
  return Promise.all(events.filter(event => !staysHere(event)).map(event => readEvent(folder, top, event)));
}

async function entriesOf(folder: string, top: string): Promise<Entry[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async name => {
      const path = join(folder, name);
      return { name, path, type: await typeOf(path, top) };
    }),
  );
}

async function typeOf(path: string, top: string): Promise<Entry['type']> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) {
    return 'broken';
  }
  if (!real.startsWith(`${top}${sep}`)) {
    return 'outside';
  }
  const stats = await stat(real);
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
}

async function readEvent(folder: string, top: string, event: Entry): Promise<Found> {
  const problem = eventProblem(folder, event);
  if (problem) {
    return { files: [], problems: [problem] };
  }
  const entries = await entriesOf(event.path, top);
  const found = await Promise.all(entries.map(entry => readScript(event.name, entry)));
  const problems = found.flatMap(one => one.problems);
  const files = found.flatMap(one => one.files);
  if (problems.length === 0 && !files.some(file => file.mode === 0o755)) {
    problems.push({
      place: { file: event.path },
      message: 'VDSM would run nothing of this folder: no file in it is executable or begins with #!',
      hint: 'Make the script executable (`chmod +x`), or take the folder away.',
    });
  }
  return { files, problems };
}

async function readScript(event: string, entry: Entry): Promise<Found> {
  const place = { file: entry.path };
  const problem = fileProblem(entry);
  if (problem) {
    return { files: [], problems: [problem] };
  }
  const { size, mode } = await stat(entry.path);
  if (size > LARGEST_HOOK) {
    return { files: [], problems: [tooLarge(place, `has ${size} bytes`)] };
  }
  const content = await readFile(entry.path);
  const runs = (mode & 0o111) !== 0 || isProgram(content);
  const problems = (runs ? lintHookScript(content) : []).map(({ line, message, hint }) => ({
    place: { ...place, line },
    message,
    hint,
  }));
  const shebang = runs ? readShebang(content) : undefined;
  const file = {
    event,
    name: entry.name,
    mode: runs ? 0o755 : 0o644,
    base64: content.toString('base64'),
    sha256: createHash('sha256').update(content).digest('hex'),
    programs: shebang ? [...new Set([shebang.interpreter, shebang.program])] : [],
  };
  return { files: [file], problems };
}

/** Whether a file is meant to be run, whatever its mode here says; a byte order mark is told by the lint. */
function isProgram(content: Uint8Array): boolean {
  return isMachineCode(content) || /^\ufeff?#!/.test(firstLine(content));
}

/** What the system says of a file that is there and cannot be read; anything else is a fault of the program. */
function unreadable(error: NodeJS.ErrnoException): Error {
  return error.path === undefined
    ? error
    : new InputError([
        {
          place: { file: error.path },
          message: `cannot be read: ${error.code}`,
          hint: 'Look at its owner and mode.',
        },
      ]);
}
