import { randomBytes } from 'node:crypto';
import { wireType } from './host-key.ts';
import {
  finderOf,
  hashedName,
  type KnownHostsEntry,
  type KnownKey,
  parseKnownHosts,
} from './known-hosts-lines.ts';
import { rewriteKnownHosts } from './known-hosts-write.ts';

/** A key that shall be on record. */
export interface Addition {
  /** What the host is called in known_hosts. */
  readonly name: string;
  /** The public key in its wire form. */
  readonly key: Buffer;
  /** Only if the host has no key on record by then, not even of another type. */
  readonly firstOnly: boolean;
}

/** What became of it; `known`: it was there already. */
export type Added =
  | { readonly kind: 'added' | 'known' }
  | { readonly kind: 'changed' | 'revoked'; readonly records: readonly KnownKey[] };

/**
 * Makes what adds keys to known_hosts files. What is asked for while a file is being written goes into its next
 * writing together: five hundred hosts are not five hundred writings.
 */
export function recorder(): (file: string, additions: readonly Addition[]) => Promise<readonly Added[]> {
  const waiting = new Map<string, Batch>();
  const last = new Map<string, Promise<unknown>>();
  const batchFor = (file: string): Batch => {
    const there = waiting.get(file);
    if (there) {
      return there;
    }
    const additions: Addition[] = [];
    const done = (last.get(file) ?? Promise.resolve()).then(() => {
      waiting.delete(file);
      return addKeys(file, additions);
    });
    last.set(
      file,
      done.catch(() => {}),
    );
    const batch = { additions, done };
    waiting.set(file, batch);
    return batch;
  };
  return async (file, additions) => {
    const batch = batchFor(file);
    const start = batch.additions.length;
    batch.additions.push(...additions);
    return (await batch.done).slice(start, start + additions.length);
  };
}

interface Batch {
  readonly additions: Addition[];
  readonly done: Promise<readonly Added[]>;
}

/**
 * Adds keys to a file in one writing, by hashed names. A name that has another key by now, of the same type or, with
 * `firstOnly`, of any, is left alone.
 *
 * @throws {Error} if the file cannot be read or written.
 */
export async function addKeys(file: string, additions: readonly Addition[]): Promise<readonly Added[]> {
  let added: readonly Added[] = [];
  await rewriteKnownHosts(file, content => {
    const merged = mergeKeys(content, file, additions);
    added = merged.added;
    return merged.content;
  });
  return added;
}

/** The new content of a file: every byte that was there, and the new lines; the same buffer if there are none. */
export function mergeKeys(
  content: Buffer,
  file: string,
  additions: readonly Addition[],
): { readonly content: Buffer; readonly added: readonly Added[] } {
  const text = content.toString('utf8');
  const find = finderOf(parseKnownHosts(text, file));
  const fresh = new Map<string, KnownHostsEntry[]>();
  const salts = new Map<string, string>();
  const lines: string[] = [];
  const unfinished = text !== '' && !text.endsWith('\n');
  const nextLine = text.split('\n').length + (unfinished ? 1 : 0);
  const added = additions.map(({ name, key, firstOnly }): Added => {
    const type = wireType(key) ?? '';
    const entries = [...find(name), ...(fresh.get(name) ?? [])];
    const same = entries.filter(entry => entry.key.equals(key) && entry.role !== 'authority');
    const revoked = same.filter(({ role }) => role === 'revoked');
    if (revoked.length > 0) {
      return { kind: 'revoked', records: revoked };
    }
    if (same.length > 0) {
      return { kind: 'known' };
    }
    const rivals = entries.filter(entry => entry.role === 'host' && (firstOnly || entry.type === type));
    if (rivals.length > 0) {
      return { kind: 'changed', records: rivals };
    }
    const salt = salts.get(name) ?? randomBytes(20).toString('base64');
    salts.set(name, salt);
    const line = `${hashedName(name, salt)} ${type} ${key.toString('base64')}`;
    const place = { file, line: nextLine + lines.length };
    fresh.set(name, [
      ...(fresh.get(name) ?? []),
      ...parseKnownHosts(line, file).map(one => ({ ...one, place })),
    ]);
    lines.push(`${line}\n`);
    return { kind: 'added' };
  });
  return {
    content:
      lines.length === 0
        ? content
        : Buffer.concat([content, Buffer.from(unfinished ? '\n' : ''), Buffer.from(lines.join(''))]),
    added,
  };
}
