import { comparable, fingerprint, isTrusted, judgeHostKey, wireType } from './host-key.ts';
import type { KnownKeys } from './known-hosts.ts';
import type { KnownKey } from './known-hosts-lines.ts';

/** One key that a host has, beside what is on record for it. */
export interface ReviewedKey {
  readonly key: Buffer;
  readonly type: string;
  readonly fingerprint: string;
  /** `changed`: another key is on record. `new`: none of its type, and nothing speaks against the host. */
  readonly state: 'known' | 'new' | 'changed' | 'revoked';
  /** What is on record in its place; for `revoked` where it is revoked. */
  readonly records: readonly KnownKey[];
}

/**
 * Compares all keys of a host with what is on record. A key of a further type is new where another key of the host is
 * known; where none is, every key counts as changed, as it does in a run.
 */
export function reviewHostKeys(keys: readonly Buffer[], known: KnownKeys): readonly ReviewedKey[] {
  const someKnown = keys.some(key => isTrusted(key, known));
  const records = comparable(known);
  return keys.map(key => {
    const type = wireType(key) ?? '?';
    const verdict = judgeHostKey(key, known);
    const sameType = records.filter(record => record.type === type);
    const rivals = someKnown || sameType.length > 0 ? sameType : records;
    const found =
      verdict.kind === 'changed'
        ? { state: rivals.length > 0 ? ('changed' as const) : ('new' as const), records: rivals }
        : verdict.kind === 'unknown'
          ? { state: 'new' as const, records: [] }
          : verdict.kind === 'known'
            ? { state: 'known' as const, records: [] }
            : { state: 'revoked' as const, records: verdict.records };
    return { key, type, fingerprint: fingerprint(key), ...found };
  });
}
