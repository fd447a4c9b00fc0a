import { createHmac } from 'node:crypto';
import { wireType } from './host-key.ts';

/** A host key on record, and where. */
export interface KnownKey {
  readonly type: string;
  /** The public key in its wire form. */
  readonly key: Buffer;
  readonly place: { readonly file: string; readonly line: number };
  /** The line is for all names of a wildcard, not for this host by name. */
  readonly wildcard: boolean;
}

/** One line of a known_hosts file that has a key. */
export interface KnownHostsEntry extends KnownKey {
  /** `host`: trusted as it is; `authority`: trusted to sign host certificates; `revoked`: never trusted. */
  readonly role: 'host' | 'authority' | 'revoked';
  readonly names: NamePattern;
}

/** The first field of a line: a hashed name, salt and hash in canonical base64, or a list of names or patterns. */
type NamePattern =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'hashed'; readonly salt: string; readonly hash: string }
  | { readonly kind: 'patterns'; readonly patterns: readonly { negated: boolean; matches: RegExp }[] };

const ROLES: ReadonlyMap<string | undefined, KnownHostsEntry['role']> = new Map([
  [undefined, 'host'],
  ['@cert-authority', 'authority'],
  ['@revoked', 'revoked'],
]);

/**
 * Parses the text of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). Lines that are no key are passed over,
 * as ssh does.
 */
export function parseKnownHosts(text: string, file: string): readonly KnownHostsEntry[] {
  return text.split('\n').flatMap((line, index) => {
    const fields = line.trim().split(/[ \t]+/);
    const role = ROLES.get(fields[0]?.startsWith('@') ? fields.shift() : undefined);
    const [names, type, base64] = fields;
    if (names === undefined || names.startsWith('#') || base64 === undefined || role === undefined) {
      return [];
    }
    const key = Buffer.from(base64, 'base64');
    const pattern = namePattern(names);
    return pattern !== undefined && type !== undefined && wireType(key) === type
      ? [
          {
            type,
            key,
            role,
            names: pattern,
            wildcard: !names.startsWith('|') && /[*?]/.test(names),
            place: { file, line: index + 1 },
          },
        ]
      : [];
  });
}

/**
 * Makes the search for the lines that are about a name: a host's own, or `[host]:port`, in small letters. Lines with
 * plain names are looked up; the others are gone through. A hashed line holds one name: once that is found, the line is
 * not worked out for any other.
 */
export function finderOf(entries: readonly KnownHostsEntry[]): (name: string) => readonly KnownHostsEntry[] {
  const nameOf = new Map<KnownHostsEntry, string>();
  const named = byName(entries);
  const others = entries.filter(({ names }) => names.kind !== 'names');
  return name => {
    const hashes = new Map<string, string>();
    const found = others.filter(entry => {
      const { names } = entry;
      if (names.kind === 'names') {
        return false;
      }
      if (names.kind === 'patterns') {
        return matches(names.patterns, name);
      }
      const known = nameOf.get(entry);
      if (known !== undefined) {
        return known === name;
      }
      // Lines of one host may well have one salt.
      const hash = hashes.get(names.salt) ?? hashOf(name, names.salt);
      hashes.set(names.salt, hash);
      if (hash === names.hash) {
        nameOf.set(entry, name);
      }
      return hash === names.hash;
    });
    return [...(named.get(name) ?? []), ...found].sort((a, b) => a.place.line - b.place.line);
  };
}

function byName(entries: readonly KnownHostsEntry[]): ReadonlyMap<string, readonly KnownHostsEntry[]> {
  const found = new Map<string, KnownHostsEntry[]>();
  for (const entry of entries) {
    for (const name of entry.names.kind === 'names' ? new Set(entry.names.names) : []) {
      const lines = found.get(name) ?? [];
      found.set(name, lines);
      lines.push(entry);
    }
  }
  return found;
}

/** The first field of a line that does not tell its host: what `ssh-keygen -H` writes. The salt is of 20 bytes, in base64. */
export function hashedName(name: string, salt: string): string {
  return `|1|${salt}|${hashOf(name, salt)}`;
}

function hashOf(name: string, salt: string): string {
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64');
}

function namePattern(names: string): NamePattern | undefined {
  if (!names.startsWith('|')) {
    const each = names.split(',').filter(Boolean);
    return /[*?!]/.test(names)
      ? { kind: 'patterns', patterns: each.map(wildcard) }
      : { kind: 'names', names: each.map(name => name.toLowerCase()) };
  }
  const [, version, salt, hash] = names.split('|');
  return version === '1' && salt && hash
    ? { kind: 'hashed', salt: canonical(salt), hash: canonical(hash) }
    : undefined;
}

function canonical(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64');
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

function matches(patterns: readonly { negated: boolean; matches: RegExp }[], name: string): boolean {
  const hits = patterns.filter(pattern => pattern.matches.test(name));
  return hits.length > 0 && !hits.some(({ negated }) => negated);
}
