import { createHash } from 'node:crypto';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { SshAlgorithms } from '../../core/host.ts';
import type { KnownKeys } from './known-hosts.ts';
import type { KnownKey } from './known-hosts-lines.ts';

/** Whether the key that a host presents is the one that is on record for it. */
export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed' | 'revoked'; readonly records: readonly KnownKey[] };

/**
 * The key algorithms to ask a server for, those of the recorded keys first: a server has several keys, and one that is
 * known by its RSA key would else present its Ed25519 key and look changed. SHA-1 signatures only for `legacy`.
 */
export function hostKeyAlgorithms(
  known: Pick<KnownKeys, 'trusted' | 'withoutPort'>,
  algorithms: SshAlgorithms = 'modern',
): ServerHostKeyAlgorithm[] {
  const records = [...known.trusted, ...known.withoutPort];
  const isKnown = (algorithm: ServerHostKeyAlgorithm) =>
    records.some(({ type }) => type === keyType(algorithm));
  const all = algorithms === 'legacy' ? [...ALGORITHMS, ...LEGACY] : ALGORITHMS;
  return [...all.filter(isKnown), ...all.filter(algorithm => !isKnown(algorithm))];
}

/**
 * Judges a presented key as OpenSSH does with strict checking. A host that is on record, but presents a key of another
 * type, counts as changed: it was asked for the recorded types first. Records of types that could not be asked for
 * (security keys, DSA) say nothing about it.
 */
export function judgeHostKey(presented: Buffer, known: KnownKeys): HostKeyVerdict {
  const revoked = known.revoked.filter(({ key }) => key.equals(presented));
  if (revoked.length > 0) {
    return { kind: 'revoked', records: revoked };
  }
  if (isTrusted(presented, known)) {
    return { kind: 'known' };
  }
  const records = comparable(known);
  const sameType = records.filter(({ type }) => type === wireType(presented));
  return records.length > 0
    ? { kind: 'changed', records: sameType.length > 0 ? sameType : records }
    : { kind: 'unknown' };
}

/** The key itself is on record for the host. */
export function isTrusted(presented: Buffer, { trusted, withoutPort }: KnownKeys): boolean {
  return [...trusted, ...withoutPort].some(({ key }) => key.equals(presented));
}

/** The records that say what key the host should present: of types that servers are asked for. */
export function comparable({ trusted }: KnownKeys): readonly KnownKey[] {
  return trusted.filter(({ type }) => ALGORITHMS.some(algorithm => keyType(algorithm) === type));
}

/** `SHA256:…` as ssh-keygen -l prints it, of a public key in its wire form. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that stands at the start of a public key in its wire form (RFC 4253, 6.6), or undefined if none does. */
export function wireType(key: Buffer): string | undefined {
  const length = key.length < 4 ? 0 : key.readUInt32BE();
  return length > 0 && length < key.length - 4 ? key.toString('latin1', 4, 4 + length) : undefined;
}

/** RSA keys are recorded as `ssh-rsa`, whatever the hash of the signature (RFC 8332). */
export function keyType(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}

const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

const LEGACY: readonly ServerHostKeyAlgorithm[] = ['ssh-rsa'];
