import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import type { Target } from '../target.ts';
import { finderOf, type KnownHostsEntry, type KnownKey, parseKnownHosts } from './known-hosts-lines.ts';
import { type Added, type Addition, recorder } from './known-hosts-record.ts';

/** What is on record for a host. */
export interface KnownKeys {
  /** What the host is called in known_hosts: its name, or `[name]:port`. */
  readonly name: string;
  readonly trusted: readonly KnownKey[];
  /** On record for the same address, but not for this port: good enough to trust, not to say that a key has changed. */
  readonly withoutPort: readonly KnownKey[];
  readonly revoked: readonly KnownKey[];
  /** Keys that sign the certificates of this host. ssh2 knows no certificates. */
  readonly authorities: readonly KnownKey[];
  /** Files that are there but could not be read, as `file: reason`. */
  readonly unreadable: readonly string[];
  /** Where a new key of this host belongs: the first of the user's own files. */
  readonly file: string;
}

/** As far as known_hosts goes. */
export type KnownTarget = Pick<Target, 'address' | 'port' | 'knownAs' | 'knownHostsFiles'>;

/** The host keys that this user's ssh would trust. Each file is read once a run, and again after it was written. */
export interface KnownHosts {
  lookup(target: KnownTarget): Promise<KnownKeys>;
  /**
   * Adds keys to the user's file, hashed, all of them or none. Safe beside other runs that do the same.
   *
   * @throws {Error} if the file cannot be written.
   */
  record(file: string, additions: readonly Addition[]): Promise<readonly Added[]>;
}

/** Where ssh looks by default for the user's own (ssh_config(5): UserKnownHostsFile); the first is written to. */
export function defaultKnownHostsFiles(home: string = homedir()): readonly [string, string] {
  return [join(home, '.ssh', 'known_hosts'), join(home, '.ssh', 'known_hosts2')];
}

// ssh_config(5): GlobalKnownHostsFile.
const SYSTEM_FILES = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

type Read = (file: string) => Promise<string>;

export interface KnownHostsSources {
  /** The user's own files, at least one; a missing one is an empty one. */
  readonly files?: readonly [string, ...string[]];
  readonly read?: Read;
}

/** Finds hosts as ssh does: by `[address]:port` where the port is not 22, then by the address alone. */
export function knownHostsOf({
  files: own = defaultKnownHostsFiles(),
  read = file => readFile(file, 'utf8'),
}: KnownHostsSources = {}): KnownHosts {
  const opened = new Map<string, Promise<OpenedFile>>();
  const open = (file: string) => {
    const opening = opened.get(file) ?? openFile(file, read);
    opened.set(file, opening);
    return opening;
  };
  // None at all (UserKnownHostsFile none) would trust nobody and leave no place for a new key.
  const filesOf = ({ knownHostsFiles }: KnownTarget) =>
    knownHostsFiles === undefined || knownHostsFiles.length === 0 ? own : knownHostsFiles;
  const record = recorder();

  return {
    async lookup(target) {
      const files = filesOf(target);
      const all = await Promise.all([...new Set([...files, ...SYSTEM_FILES])].map(open));
      const find = (name: string) => all.flatMap(file => file.find(name));
      const name = knownName(target);
      const exact = find(name);
      const trusted = withRole(exact, 'host');
      const plain = trusted.length > 0 || !name.startsWith('[') ? [] : find(target.knownAs.toLowerCase());
      return {
        name,
        trusted,
        withoutPort: withRole(plain, 'host'),
        revoked: withRole([...exact, ...plain], 'revoked'),
        authorities: withRole([...exact, ...plain], 'authority'),
        unreadable: all.flatMap(({ unreadable }) => unreadable ?? []),
        file: files[0] ?? own[0],
      };
    },
    async record(file, additions) {
      try {
        return await record(file, additions);
      } finally {
        opened.delete(file);
      }
    },
  };
}

/**
 * What a run goes by: the files where ssh looks, or one that the user has named in the place of the user's own, as
 * `ssh -o UserKnownHostsFile=FILE` does; the system's files count besides.
 *
 * @param mayBeMissing the named file is to be written: a missing one is an empty one.
 * @throws {InputError} if the named file is missing or cannot be read.
 */
export async function openKnownHosts(file: string | undefined, mayBeMissing = false): Promise<KnownHosts> {
  if (file === undefined) {
    return knownHostsOf();
  }
  // Once: a pipe (`--known-hosts <(…)`) has nothing more for a second look.
  let text: string | undefined = await readFile(file, 'utf8').catch(
    ({ code, message }: NodeJS.ErrnoException) => {
      const missing = code === 'ENOENT' || code === 'ENOTDIR';
      if (missing && mayBeMissing) {
        return '';
      }
      throw new InputError([
        {
          place: { file },
          message: missing ? 'there is no such known_hosts file' : `cannot be read: ${message}`,
          ...(missing ? { hint: `To make it: hookfleet trust -i INVENTORY --known-hosts ${file}` } : {}),
        },
      ]);
    },
  );
  return knownHostsOf({
    files: [file],
    async read(path) {
      const content = path === file ? text : undefined;
      text = path === file ? undefined : text;
      return content ?? (await readFile(path, 'utf8'));
    },
  });
}

/** What a host is called in known_hosts: an alias of ssh_config stands for host and port. */
function knownName({ address, port, knownAs }: KnownTarget): string {
  const name = knownAs.toLowerCase();
  return port === 22 || knownAs !== address ? name : `[${name}]:${port}`;
}

interface OpenedFile {
  find(name: string): readonly KnownHostsEntry[];
  readonly unreadable?: string;
}

async function openFile(file: string, read: Read): Promise<OpenedFile> {
  try {
    return { find: finderOf(parseKnownHosts(await read(file), file)) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      find: () => [],
      ...(code === 'ENOENT' || code === 'ENOTDIR' ? {} : { unreadable: `${file}: ${message}` }),
    };
  }
}

function withRole(
  entries: readonly KnownHostsEntry[],
  role: KnownHostsEntry['role'],
): readonly KnownHostsEntry[] {
  return entries.filter(entry => entry.role === role);
}
