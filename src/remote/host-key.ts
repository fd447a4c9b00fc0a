import { createHash } from 'node:crypto';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { KnownKey, KnownKeys } from './known-hosts.ts';

/** Whether the key that a host presents is the one that is on record for it. */
export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed' | 'revoked'; readonly records: readonly KnownKey[] };

/**
 * The key algorithms to ask a server for, those of the recorded keys first: a server has several keys, and one that is
 * known by its RSA key would else present its Ed25519 key and look changed. No SHA-1 signatures (`ssh-rsa`).
 */
export function hostKeyAlgorithms(known: KnownKeys): ServerHostKeyAlgorithm[] {
  const records = [...known.trusted, ...known.withoutPort];
  const isKnown = (algorithm: ServerHostKeyAlgorithm) =>
    records.some(({ type }) => type === keyType(algorithm));
  return [...ALGORITHMS.filter(isKnown), ...ALGORITHMS.filter(algorithm => !isKnown(algorithm))];
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
  if ([...known.trusted, ...known.withoutPort].some(({ key }) => key.equals(presented))) {
    return { kind: 'known' };
  }
  const records = known.trusted.filter(({ type }) =>
    ALGORITHMS.some(algorithm => keyType(algorithm) === type),
  );
  return records.length > 0 ? { kind: 'changed', records } : { kind: 'unknown' };
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

const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** RSA keys are recorded as `ssh-rsa`, whatever the hash of the signature (RFC 8332). */
function keyType(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}
