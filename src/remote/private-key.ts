import ssh2, { type ParsedKey } from 'ssh2';
import { wireType } from './host-key.ts';

/** What a private key file turned out to hold. */
export type PrivateKey =
  | { readonly kind: 'usable'; readonly key: ParsedKey }
  /** Needs a passphrase. OpenSSH's own format shows the public key all the same. */
  | { readonly kind: 'encrypted'; readonly publicKey: Buffer | undefined }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Parses the content of a private key file: OpenSSH's format, PEM, PPK version 2. An encrypted key is recognised, not
 * decrypted: bcrypt in JavaScript would stop the event loop for about a second.
 */
export function parsePrivateKey(content: Buffer): PrivateKey {
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(content);
  if (parsed instanceof Error) {
    return /encrypted/i.test(parsed.message)
      ? { kind: 'encrypted', publicKey: publicPart(content.toString('latin1')) }
      : { kind: 'unreadable', reason: parsed.message };
  }
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return key?.isPrivateKey()
    ? { kind: 'usable', key }
    : { kind: 'unreadable', reason: 'it holds a public key, not a private one' };
}

/** The public key in an `openssh-key-v1` file (PROTOCOL.key of OpenSSH); undefined in other formats. */
function publicPart(pem: string): Buffer | undefined {
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(pem)?.[1];
  const data = Buffer.from(base64 ?? '', 'base64');
  if (!data.subarray(0, MAGIC.length).equals(MAGIC)) {
    return undefined;
  }
  let position = MAGIC.length;
  const next = () => {
    const length = position + 4 <= data.length ? data.readUInt32BE(position) : 0;
    const value = data.subarray(position + 4, position + 4 + length);
    position += 4 + length;
    return value;
  };
  next(); // cipher
  next(); // key derivation function
  next(); // its options
  position += 4; // number of keys: always 1
  const key = next();
  return wireType(key) === undefined ? undefined : key;
}

const MAGIC = Buffer.from('openssh-key-v1\0');
