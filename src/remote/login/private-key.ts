import ssh2, { type ParsedKey } from 'ssh2';
import type { Secret } from '../../core/secret.ts';
import { wireType } from '../host-keys/host-key.ts';
import { openedOnce } from './opened-key.ts';
import { type OpenSshOutline, openSshOutline } from './openssh-key.ts';
import { parsePem } from './pem-key.ts';
import { unsupportedType } from './unsupported-key.ts';

/** What a private key file turned out to hold. */
export type PrivateKey =
  | { readonly kind: 'usable'; readonly key: ParsedKey }
  /** Needs a passphrase. OpenSSH's own format shows the public key all the same. */
  | { readonly kind: 'encrypted'; readonly publicKey: Buffer | undefined }
  | { readonly kind: 'wrong-passphrase' }
  /** A public key: names one of the agent's. */
  | { readonly kind: 'public'; readonly publicKey: Buffer }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Parses the content of a private key file: OpenSSH's format, PEM (PKCS#1, PKCS#8, SEC1), PPK version 2; the types
 * Ed25519, ECDSA and RSA. Without a passphrase an encrypted key is recognised, not decrypted. With one, a key in
 * OpenSSH's format stops the event loop for about a second: its bcrypt is made of JavaScript.
 */
export function parsePrivateKey(content: Buffer, passphrase?: Secret): PrivateKey {
  const found = parse(content, passphrase);
  return found.kind === 'usable' ? { kind: 'usable', key: openedOnce(found.key) } : found;
}

function parse(content: Buffer, passphrase: Secret | undefined): PrivateKey {
  const text = content.toString('latin1');
  if (/^PuTTY-User-Key-File-3/m.test(text)) {
    return unreadable(
      'it is a PuTTY key of version 3; write it in the format of OpenSSH: puttygen FILE -O private-openssh -o NEWFILE',
    );
  }
  if (/-----BEGIN (?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY-----/.test(text)) {
    return parsePem(text, passphrase);
  }
  const outline = openSshOutline(text);
  const obstacle = outline && obstacleOf(outline);
  if (obstacle !== undefined) {
    return unreadable(obstacle);
  }
  return parseWithSsh2(content, passphrase, outline);
}

/** Rather than try: what ssh2 says of these would read like a wrong passphrase. */
function obstacleOf({ cipher, publicKey }: OpenSshOutline): string | undefined {
  const unsupported = unsupportedType(wireType(publicKey) ?? '');
  return /^(?:none|aes\d+-(?:ctr|cbc|gcm@openssh\.com))$/.test(cipher)
    ? unsupported
    : (unsupported ??
        `it is encrypted with ${cipher}, which is not supported; encrypt it anew: ssh-keygen -p -Z aes256-ctr -f FILE`);
}

function parseWithSsh2(
  content: Buffer,
  passphrase: Secret | undefined,
  outline: OpenSshOutline | undefined,
): PrivateKey {
  const parsed: ParsedKey | Error = ssh2.utils.parseKey(content, passphrase?.reveal());
  if (parsed instanceof Error) {
    if (passphrase === undefined && /encrypted/i.test(parsed.message)) {
      return { kind: 'encrypted', publicKey: outline?.publicKey };
    }
    return passphrase !== undefined && /passphrase|authenticate/i.test(parsed.message)
      ? { kind: 'wrong-passphrase' }
      : unreadable(parsed.message);
  }
  const unsupported = unsupportedType(parsed.type);
  if (unsupported !== undefined) {
    return unreadable(unsupported);
  }
  return parsed.isPrivateKey()
    ? { kind: 'usable', key: parsed }
    : { kind: 'public', publicKey: parsed.getPublicSSH() };
}

function unreadable(reason: string): PrivateKey {
  return { kind: 'unreadable', reason };
}
