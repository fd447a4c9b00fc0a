import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import { isEngineSource } from '../../inventory/engine-source.ts';
import { type Given, readConfigText } from './config-text.ts';
import { SETTINGS } from './settings.ts';

/** The settings of the file that holds. */
export interface Config {
  /** Undefined where there is none. */
  readonly file: string | undefined;
  readonly given: readonly Given[];
  readonly warnings: readonly string[];
}

const NAME = 'hookfleet.cfg';

/**
 * Reads the one hookfleet.cfg that holds: the named one (`--config`), else of `HOOKFLEET_CONFIG`, of the current folder,
 * of `~/.config/hookfleet` and of `/etc/hookfleet` the first that is there. In a folder that everybody may write to
 * somebody else may have put it, so there it is passed over.
 *
 * @throws {InputError} for a named file that cannot be read, and for everything in the file that is not known.
 */
export async function readConfig(named: string | undefined, env: NodeJS.ProcessEnv): Promise<Config> {
  const explicit = named ?? (env.HOOKFLEET_CONFIG || undefined);
  if (explicit !== undefined) {
    const file = resolve(explicit);
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw new InputError([
        { place: { file: explicit }, message: `the settings cannot be read: ${error.message}` },
      ]);
    });
    return parsed(text, file, []);
  }
  const warnings: string[] = [];
  const here = resolve(NAME);
  const folders = [
    env.XDG_CONFIG_HOME ? join(env.XDG_CONFIG_HOME, 'hookfleet') : join(homedir(), '.config', 'hookfleet'),
    '/etc/hookfleet',
  ];
  for (const file of [here, ...folders.map(folder => join(folder, NAME))]) {
    const text = await readIfThere(file);
    if (text !== undefined && file === here && (await everybodyWrites(dirname(here)))) {
      warnings.push(
        `${file} is passed over: everybody may write to its folder. Name it with --config to use it.`,
      );
    } else if (text !== undefined) {
      return parsed(text, file, warnings);
    }
  }
  return { file: undefined, given: [], warnings };
}

function parsed(text: string, file: string, warnings: readonly string[]): Config {
  const { given, problems } = readConfigText(text, file);
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return { file, given: given.map(one => withPaths(one, dirname(file))), warnings };
}

function withPaths(given: Given, folder: string): Given {
  return SETTINGS[given.key].kind === 'path'
    ? { ...given, values: given.values.map(value => absolute(value, folder)) }
    : given;
}

/** A list of hosts, an engine, stdin and `none` are no paths. */
function absolute(path: string, folder: string): string {
  if (path.includes(',') || isEngineSource(path) || path === '-' || path === 'none' || path === '') {
    return path;
  }
  return resolve(
    folder,
    path.replace(/^~(?=\/|$)/, () => homedir()),
  );
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return undefined;
    }
    throw new InputError([{ place: { file }, message: `the settings cannot be read: ${message}` }]);
  }
}

async function everybodyWrites(folder: string): Promise<boolean> {
  return ((await stat(folder)).mode & 0o002) !== 0;
}
