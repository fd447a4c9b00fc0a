import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type ConfigLine, configLines } from './ssh-config-lines.ts';
import { wildcard } from './ssh-pattern.ts';

/** One setting of a file of ssh's, and for whom it is meant. */
export interface Setting {
  /** In lower case. */
  readonly keyword: string;
  readonly args: readonly string[];
  /** All of them must hold; none for a setting that is for all hosts. */
  readonly conditions: readonly Condition[];
  readonly place: { readonly file: string; readonly line: number };
}

export type Condition =
  | { readonly kind: 'host'; readonly patterns: readonly string[] }
  /** Its words; what they come to is for ssh to say. */
  | { readonly kind: 'match'; readonly criteria: readonly string[] };

/** A file to begin with. */
export interface ConfigRoot {
  readonly file: string;
  /** What names in an `Include` are relative to. */
  readonly includeFolder: string;
}

/** `~` of the user. */
type Home = string;

// readconf.c: READCONF_MAX_DEPTH.
const DEEPEST = 16;

/**
 * Reads files of ssh's and what they include, in the order in which ssh takes them; a missing file has nothing. It looks
 * at the text alone: conditions are kept, not judged.
 *
 * @returns the settings of the given keywords; a file that could not be read, or whose name depends on the host, counts
 * as a setting `include`.
 */
export async function readConfigFiles(
  roots: readonly ConfigRoot[],
  keywords: ReadonlySet<string>,
  home: Home,
): Promise<readonly Setting[]> {
  const all = await Promise.all(roots.map(root => readOne(root.file, root, [], 0)));
  return all.flat();

  async function readOne(
    file: string,
    root: ConfigRoot,
    outer: readonly Condition[],
    depth: number,
  ): Promise<Setting[]> {
    let lines: readonly ConfigLine[];
    try {
      lines = configLines(await readFile(file, 'utf8'));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const missing = code === 'ENOENT' || code === 'ENOTDIR';
      return missing
        ? []
        : [{ keyword: 'include', args: [file], conditions: outer, place: { file, line: 1 } }];
    }
    const settings: Setting[] = [];
    let conditions = outer;
    for (const { keyword, args, line } of lines) {
      const place = { file, line };
      if (keyword === 'host' || keyword === 'match') {
        conditions = [...outer, ...condition(keyword, args)];
      } else if (keyword === 'include' && depth < DEEPEST) {
        for (const name of args) {
          const files = await includedFiles(name, root.includeFolder, home);
          const included =
            files === undefined
              ? [{ keyword, args: [name], conditions, place }]
              : (await Promise.all(files.map(one => readOne(one, root, conditions, depth + 1)))).flat();
          settings.push(...included);
        }
      } else if (keywords.has(keyword)) {
        settings.push({ keyword, args, conditions, place });
      }
    }
    return settings;
  }
}

function condition(keyword: 'host' | 'match', args: readonly string[]): Condition[] {
  if (keyword === 'host') {
    return args.length === 1 && args[0] === '*' ? [] : [{ kind: 'host', patterns: args }];
  }
  return args.length === 1 && args[0]?.toLowerCase() === 'all' ? [] : [{ kind: 'match', criteria: args }];
}

/** The files that an `Include` names, in order; undefined where the name depends on more than this machine. */
async function includedFiles(name: string, folder: string, home: Home): Promise<string[] | undefined> {
  const path = name
    .replace(/^~(?=\/|$)/, () => home)
    .replace(/\$\{(\w+)\}/g, (_, variable: string) => process.env[variable] ?? '');
  if (path.includes('%') || path.startsWith('~')) {
    return undefined;
  }
  return glob(resolve(folder, path));
}

/** The paths that a pattern of glob(7) stands for, sorted; `*`, `?` and sets in brackets, in each part of the path. */
async function glob(pattern: string): Promise<string[]> {
  if (!/[*?[]/.test(pattern)) {
    return [pattern];
  }
  const parent = dirname(pattern);
  const part = pattern.slice(parent === '/' ? 1 : parent.length + 1);
  const folders = await glob(parent);
  const found = await Promise.all(
    folders.map(async folder => {
      if (!/[*?[]/.test(part)) {
        return [join(folder, part)];
      }
      const names = await readdir(folder).catch(() => []);
      return names
        .filter(name => globPart(part).test(name) && (!name.startsWith('.') || part.startsWith('.')))
        .map(name => join(folder, name));
    }),
  );
  return found.flat().sort();
}

function globPart(part: string): RegExp {
  const pieces = part.split(/(\[!?[^\]]+\])/);
  const source = pieces.map((piece, i) =>
    i % 2 === 1 ? piece.replace('[!', '[^').replaceAll('\\', '\\\\') : wildcard(piece).source.slice(1, -1),
  );
  return new RegExp(`^${source.join('')}$`, 's');
}
