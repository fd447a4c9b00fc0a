import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { ParsedKey } from 'ssh2';

/** What ssh2 signs with where the server asks for no other (ssh2: lib/protocol/keyParser.js); null for Ed25519's own. */
const HASHES: ReadonlyMap<string, string | null> = new Map([
  ['ssh-ed25519', null],
  ['ecdsa-sha2-nistp256', 'sha256'],
  ['ecdsa-sha2-nistp384', 'sha384'],
  ['ecdsa-sha2-nistp521', 'sha512'],
  ['ssh-rsa', 'sha1'],
]);

/**
 * The same private key, but OpenSSL reads it once and not at every signature, which takes it more than ten times as long
 * as to sign: one key logs in on all hosts.
 */
export function openedOnce(key: ParsedKey): ParsedKey {
  const usual = HASHES.get(key.type);
  if (usual === undefined) {
    return key;
  }
  let opened: KeyObject | undefined;
  const signOpened: ParsedKey['sign'] = (data, hash) => {
    try {
      opened ??= createPrivateKey(key.getPrivatePEM());
      return sign(hash || usual, Buffer.from(data), opened);
    } catch (error) {
      // ssh2 takes an error for an answer here, other than its types say.
      return error as unknown as Buffer;
    }
  };
  return Object.create(key, { sign: { value: signOpened } });
}
