import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../core/input-error.ts';
import { wireType } from './host-key.ts';

/** A host key on record, and where. */
export interface KnownKey {
  readonly type: string;
  /** The public key in its wire form. */
  readonly key: Buffer;
  readonly place: { readonly file: string; readonly line: number };
}

export interface KnownKeys {
  readonly trusted: readonly KnownKey[];
  /** On record for the same address, but not for this port: good enough to trust, not to say that a key has changed. */
  readonly withoutPort: readonly KnownKey[];
  readonly revoked: readonly KnownKey[];
}

/** One line of a known_hosts file that has a plain or revoked key. */
export interface KnownHostsEntry extends KnownKey {
  readonly revoked: boolean;
  readonly names: NamePattern;
}

/** The first field of a line: a hashed name, the hash in canonical base64, or a list of patterns. */
type NamePattern =
  | { readonly kind: 'hashed'; readonly salt: Buffer; readonly hash: string }
  | { readonly kind: 'patterns'; readonly patterns: readonly { negated: boolean; matches: RegExp }[] };

/** The host keys that this user's ssh would trust. */
export interface KnownHosts {
  /** What is on record for a host; nothing is read for it. */
  lookup(address: string, port: number): KnownKeys;
  /** Files that are there but could not be read, as `file: reason`. */
  readonly unreadable: readonly string[];
  /** The file that the user has named in the place of `~/.ssh/known_hosts`. */
  readonly namedFile?: string;
}

/** Where ssh looks by default (ssh_config(5): UserKnownHostsFile, GlobalKnownHostsFile). */
export function defaultKnownHostsFiles(home: string = homedir()): readonly string[] {
  return [join(home, '.ssh', 'known_hosts'), SYSTEM_FILE];
}

const SYSTEM_FILE = '/etc/ssh/ssh_known_hosts';

/**
 * Reads a file that the user has named, in the place of the user's own, as `ssh -o UserKnownHostsFile=FILE` does; the
 * system's file counts besides.
 *
 * @throws {InputError} if the named file is missing or cannot be read.
 */
export async function readNamedKnownHosts(file: string): Promise<KnownHosts> {
  // Once: a pipe (`--known-hosts <(…)`) has nothing more for a second look.
  const text = await readFile(file, 'utf8').catch(({ code, message }: NodeJS.ErrnoException) => {
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new InputError([
      {
        place: { file },
        message: missing ? 'there is no such known_hosts file' : `cannot be read: ${message}`,
      },
    ]);
  });
  const system = await readEntries([SYSTEM_FILE]);
  return {
    ...knownHostsOf([...parseKnownHosts(text, file), ...system.entries]),
    unreadable: system.unreadable,
    namedFile: file,
  };
}

/** Reads the files, once for a run. A missing file is an empty one. */
export async function readKnownHosts(
  files: readonly string[] = defaultKnownHostsFiles(),
): Promise<KnownHosts> {
  const { entries, unreadable } = await readEntries(files);
  return { ...knownHostsOf(entries), unreadable };
}

async function readEntries(
  files: readonly string[],
): Promise<{ readonly entries: readonly KnownHostsEntry[]; readonly unreadable: readonly string[] }> {
  const unreadable: string[] = [];
  const entries = await Promise.all(
    files.map(async file => {
      try {
        return parseKnownHosts(await readFile(file, 'utf8'), file);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ENOTDIR') {
          unreadable.push(`${file}: ${message}`);
        }
        return [];
      }
    }),
  );
  return { entries: entries.flat(), unreadable };
}

/**
 * Parses the text of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). Lines that are no key are passed
 * over, as ssh does; so are `@cert-authority` lines, since ssh2 knows no certificates.
 */
export function parseKnownHosts(text: string, file: string): readonly KnownHostsEntry[] {
  return text.split('\n').flatMap((line, index) => {
    const fields = line.trim().split(/[ \t]+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [names, type, base64] = fields;
    if (
      names === undefined ||
      names.startsWith('#') ||
      base64 === undefined ||
      (marker !== undefined && marker !== '@revoked')
    ) {
      return [];
    }
    const key = Buffer.from(base64, 'base64');
    const pattern = namePattern(names);
    return pattern !== undefined && type !== undefined && wireType(key) === type
      ? [{ type, key, names: pattern, revoked: marker === '@revoked', place: { file, line: index + 1 } }]
      : [];
  });
}

/** Finds hosts in parsed entries as ssh does: by `[address]:port` where the port is not 22, then by the address alone. */
export function knownHostsOf(entries: readonly KnownHostsEntry[]): Pick<KnownHosts, 'lookup'> {
  // A hashed line holds one name: once that is found, the line is not worked out for any other.
  const nameOf = new Map<KnownHostsEntry, string>();
  const find = (name: string) =>
    entries.filter(entry => {
      const known = nameOf.get(entry);
      if (known !== undefined || !matches(entry.names, name)) {
        return known === name;
      }
      if (entry.names.kind === 'hashed') {
        nameOf.set(entry, name);
      }
      return true;
    });
  return {
    lookup(address, port) {
      const name = address.toLowerCase();
      const exact = find(port === 22 ? name : `[${name}]:${port}`);
      const trusted = exact.filter(({ revoked }) => !revoked);
      const plain = port === 22 || trusted.length > 0 ? [] : find(name);
      return {
        trusted,
        withoutPort: plain.filter(({ revoked }) => !revoked),
        revoked: [...exact, ...plain].filter(({ revoked }) => revoked),
      };
    },
  };
}

function namePattern(names: string): NamePattern | undefined {
  if (!names.startsWith('|')) {
    return { kind: 'patterns', patterns: names.split(',').filter(Boolean).map(wildcard) };
  }
  const [, version, salt, hash] = names.split('|');
  return version === '1' && salt && hash
    ? {
        kind: 'hashed',
        salt: Buffer.from(salt, 'base64'),
        hash: Buffer.from(hash, 'base64').toString('base64'),
      }
    : undefined;
}

function wildcard(pattern: string): { negated: boolean; matches: RegExp } {
  const negated = pattern.startsWith('!');
  const source = pattern
    .slice(negated ? 1 : 0)
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return { negated, matches: new RegExp(`^${source}$`, 'i') };
}

function matches(names: NamePattern, name: string): boolean {
  if (names.kind === 'hashed') {
    return createHmac('sha1', names.salt).update(name).digest('base64') === names.hash;
  }
  const hits = names.patterns.filter(pattern => pattern.matches.test(name));
  return hits.length > 0 && !hits.some(({ negated }) => negated);
}
