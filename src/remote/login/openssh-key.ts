import { wireType } from '../host-keys/host-key.ts';
import { readString, writeString } from '../wire.ts';

/** What an `openssh-key-v1` file says without a passphrase (PROTOCOL.key of OpenSSH). */
export interface OpenSshOutline {
  /** `none` if it is not encrypted. */
  readonly cipher: string;
  readonly publicKey: Buffer;
}

/** The outline of a file in OpenSSH's own format; undefined for other formats and for what is cut off. */
export function openSshOutline(text: string): OpenSshOutline | undefined {
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1];
  const data = Buffer.from(base64 ?? '', 'base64');
  if (!data.subarray(0, MAGIC.length).equals(MAGIC)) {
    return undefined;
  }
  let position = MAGIC.length;
  const next = () => {
    const value = readString(data, position);
    position += 4 + (value?.length ?? data.length);
    return value;
  };
  const cipher = next();
  next(); // key derivation function
  next(); // its options
  position += 4; // number of keys: always 1
  const publicKey = next();
  return cipher && publicKey && wireType(publicKey) !== undefined
    ? { cipher: cipher.toString(), publicKey }
    : undefined;
}

/**
 * An Ed25519 key in OpenSSH's own format, not encrypted: the only one in which ssh2 reads such a key.
 *
 * @param seed the 32 bytes of the private key (RFC 8032), as `d` of its JWK has them.
 * @param point the 32 bytes of the public key.
 */
export function openSshEd25519(seed: Buffer, point: Buffer): string {
  const type = writeString(ED25519);
  const publicKey = Buffer.concat([type, writeString(point)]);
  const secret = Buffer.concat([
    Buffer.alloc(8), // two check numbers, which must be equal
    publicKey,
    writeString(Buffer.concat([seed, point])),
    writeString(''), // comment
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, -secret.length & 7);
  const content = Buffer.concat([
    MAGIC,
    ...[NONE, NONE, writeString('')], // cipher, key derivation function, its options
    Buffer.from([0, 0, 0, 1]),
    writeString(publicKey),
    writeString(Buffer.concat([secret, padding])),
  ]);
  const lines = content.toString('base64').replace(/.{70}(?=.)/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

const MAGIC = Buffer.from('openssh-key-v1\0');
const ED25519 = 'ssh-ed25519';
const NONE = writeString('none');
