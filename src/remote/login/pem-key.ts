import { createPrivateKey, type KeyObject } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import type { Secret } from '../../core/secret.ts';
import { openSshEd25519 } from './openssh-key.ts';
import type { PrivateKey } from './private-key.ts';

/**
 * Parses a private key in PEM: PKCS#1, SEC1, PKCS#8, each of them plain or encrypted. OpenSSL reads it and writes it
 * in a form that ssh2 reads: ssh2 itself knows no PKCS#8.
 */
export function parsePem(text: string, passphrase: Secret | undefined): PrivateKey {
  const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text);
  if (encrypted && passphrase === undefined) {
    return { kind: 'encrypted', publicKey: undefined };
  }
  try {
    const object = createPrivateKey({
      key: text,
      format: 'pem',
      ...(passphrase && { passphrase: passphrase.reveal() }),
    });
    return forSsh2(object);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_OSSL_EVP_UNSUPPORTED') {
      return { kind: 'unreadable', reason: OLD_CIPHER };
    }
    // Once in some hundred times a wrong passphrase goes unnoticed, and what comes out is no key.
    return encrypted
      ? { kind: 'wrong-passphrase' }
      : { kind: 'unreadable', reason: `OpenSSL cannot read it: ${message}` };
  }
}

function forSsh2(key: KeyObject): PrivateKey {
  const text = readableForm(key);
  const parsed: ParsedKey | Error | undefined = text === undefined ? undefined : ssh2.utils.parseKey(text);
  if (parsed === undefined || parsed instanceof Error) {
    const curve = key.asymmetricKeyDetails?.namedCurve;
    const type = `${key.asymmetricKeyType}${curve === undefined ? '' : ` on the curve ${curve}`}`;
    return { kind: 'unreadable', reason: `a key of type ${type} is not supported` };
  }
  return { kind: 'usable', key: parsed };
}

function readableForm(key: KeyObject): string | undefined {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'ed25519': {
      const { d = '', x = '' } = key.export({ format: 'jwk' });
      return openSshEd25519(Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url'));
    }
    default:
      return undefined;
  }
}

const OLD_CIPHER =
  'it is encrypted in a way that OpenSSL takes no more; encrypt it anew: ssh-keygen -p -f FILE, or openssl with -provider legacy';
