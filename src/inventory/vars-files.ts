import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { InputError, type Problem } from '../core/input-error.ts';
import { byCodePoint } from './code-point-order.ts';
import { readData } from './data-file.ts';
import { isNull, kindOf, readVariables } from './data-node.ts';
import { decode } from './decode.ts';
import type { Layer } from './inventory.ts';
import type { Names } from './parse.ts';
import type { VarsFolder } from './vars-layers.ts';
import { isEncrypted } from './vault.ts';

/** What a file of variables may end with; without an ending comes first, and a folder may stand there too. */
const ENDINGS = ['', '.yml', '.yaml', '.json'];

export interface ReadVars {
  readonly folder: VarsFolder;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Reads the files of `group_vars/` and `host_vars/` in a folder that are for a group or host of the inventory: NAME,
 * NAME.yml, NAME.yaml or NAME.json, the first that there is, or all files in the folder NAME, by name
 * (lib/ansible/plugins/vars/host_group_vars.py). Encrypted files are left closed.
 */
export function readVarsFolder(folder: string, { groups, hosts }: Names): ReadVars {
  const reader = new VarsReader();
  return {
    folder: {
      groups: reader.read(join(folder, 'group_vars'), groups, name => `group ${name}`),
      hosts: reader.read(join(folder, 'host_vars'), hosts, () => 'host'),
    },
    problems: reader.problems,
    warnings: reader.warnings,
  };
}

type Kind = 'file' | 'folder' | 'other';

/** Lists each folder once, and gathers what is wrong. */
class VarsReader {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #listings = new Map<string, ReadonlyMap<string, Kind>>();

  read(
    folder: string,
    names: readonly string[],
    of: (name: string) => string,
  ): Map<string, readonly Layer[]> {
    const found = new Map<string, readonly Layer[]>();
    // A name that is an absolute path is a chroot's, of which Ansible reads nothing.
    for (const name of this.#list(folder).size === 0 ? [] : names.filter(one => !one.startsWith('/'))) {
      const layers = this.#filesOf(join(folder, name)).flatMap(file => this.#readFile(file, of(name)));
      if (layers.length > 0) {
        found.set(name, layers);
      }
    }
    return found;
  }

  #filesOf(path: string): string[] {
    const listing = this.#list(dirname(path));
    const present = ENDINGS.filter(ending =>
      ['file', 'folder'].includes(listing.get(basename(path) + ending) ?? ''),
    );
    const [first, ...others] = present;
    if (first === undefined) {
      return [];
    }
    this.warnings.push(
      ...others.map(ending => ({
        place: { file: path + ending },
        message: `The file is not read, because ${basename(path)}${first} is there too`,
        hint: 'As in Ansible only the first counts: put both into one folder',
      })),
    );
    return listing.get(basename(path) + first) === 'folder'
      ? this.#filesIn(path + first, [])
      : [path + first];
  }

  /** @param above the folders that it was found in, without symbolic links. */
  #filesIn(folder: string, above: readonly string[]): string[] {
    const here = realpathSync(folder);
    if (above.includes(here)) {
      const message = 'The link leads back to a folder that it is in';
      this.problems.push({ place: { file: folder }, message });
      return [];
    }
    const names = [...this.#list(folder)].filter(([name]) => !name.startsWith('.') && !name.endsWith('~'));
    return names.flatMap(([name, kind]) => {
      const path = join(folder, name);
      if (kind === 'folder' && extname(name) === '') {
        return this.#filesIn(path, [...above, here]);
      }
      return kind === 'file' && ENDINGS.includes(extname(name)) ? [path] : [];
    });
  }

  /** What stands in a folder, by name; nothing where there is no folder. */
  #list(folder: string): ReadonlyMap<string, Kind> {
    const known = this.#listings.get(folder);
    if (known !== undefined) {
      return known;
    }
    let listing: ReadonlyMap<string, Kind> = new Map();
    try {
      listing = readListing(folder);
    } catch (error) {
      const message = `The folder cannot be read: ${error instanceof Error ? error.message : error}`;
      this.problems.push({ place: { file: folder }, message });
    }
    this.#listings.set(folder, listing);
    return listing;
  }

  #readFile(file: string, of: string): Layer[] {
    try {
      const text = decode(readFileSync(file), file);
      if (isEncrypted(text)) {
        return [{ of, variables: new Map(), closed: { file, ciphertext: text } }];
      }
      const { layer, warnings } = readVarsText(text, file, of);
      this.warnings.push(...warnings);
      return layer;
    } catch (error) {
      const message = `The file cannot be read: ${error instanceof Error ? error.message : error}`;
      this.problems.push(...(error instanceof InputError ? error.problems : [{ place: { file }, message }]));
      return [];
    }
  }
}

/**
 * The variables of one file. Pure.
 *
 * @throws {InputError} with everything that is wrong with it.
 */
export function readVarsText(
  text: string,
  file: string,
  of: string,
): { layer: Layer[]; warnings: readonly Problem[] } {
  const { root, problems, warnings } = readData(text, file);
  if (root === undefined) {
    throw new InputError(problems);
  }
  if (isNull(root) || (root.kind === 'list' && root.items.length === 0)) {
    return { layer: [], warnings };
  }
  if (root.kind !== 'dict') {
    const message = `A file of variables is a mapping, and this is ${kindOf(root)}`;
    throw new InputError([{ place: root.place, message, hint: 'Write each variable as name: value' }]);
  }
  const read = readVariables(root);
  if (read.problems.length > 0) {
    throw new InputError(read.problems);
  }
  return { layer: [{ of, variables: new Map(read.variables.map(one => [one.name, one])) }], warnings };
}

/** @throws {Error} of the system, where there is a folder but it cannot be read. */
function readListing(folder: string): ReadonlyMap<string, Kind> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    return new Map();
  }
  const entries = readdirSync(folder, { withFileTypes: true });
  return new Map(
    entries
      .sort((a, b) => byCodePoint(a.name, b.name))
      .map(entry => [entry.name, kindOfEntry(folder, entry)]),
  );
}

function kindOfEntry(folder: string, entry: Dirent): Kind {
  const target = entry.isSymbolicLink()
    ? statSync(join(folder, entry.name), { throwIfNoEntry: false })
    : entry;
  return target?.isDirectory() ? 'folder' : target?.isFile() ? 'file' : 'other';
}
