import { access, readFile } from 'node:fs/promises';
import type { Secret } from '../../core/secret.ts';
import { type PrivateKey, parsePrivateKey } from './private-key.ts';

/** A private key file with what lies beside it, as ssh looks at it. */
export interface KeyFile {
  readonly path: string;
  /** Undefined if there is no such file. */
  readonly content: PrivateKey | undefined;
  /** In its wire form, from the file itself or from the `.pub` file beside it. */
  readonly publicKey: Buffer | undefined;
  /** The certificate that ssh would present with this key: the `-cert.pub` file beside it. */
  readonly certificate: string | undefined;
}

/** Reads a private key file; with the passphrase of an encrypted one it is opened. */
export async function readKeyFile(path: string, passphrase?: Secret): Promise<KeyFile> {
  const content = await readPrivateKey(path, passphrase);
  const certificate = `${path}-cert.pub`;
  return {
    path,
    content,
    publicKey: (content && publicKeyOf(content)) ?? (await readPublicKey(`${path}.pub`)),
    certificate: (await exists(certificate)) ? certificate : undefined,
  };
}

async function readPrivateKey(path: string, passphrase?: Secret): Promise<PrivateKey | undefined> {
  try {
    return parsePrivateKey(await readFile(path), passphrase);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { kind: 'unreadable', reason: message };
  }
}

async function readPublicKey(path: string): Promise<Buffer | undefined> {
  const content = await readPrivateKey(path);
  return content?.kind === 'public' ? content.publicKey : undefined;
}

function publicKeyOf(content: PrivateKey): Buffer | undefined {
  switch (content.kind) {
    case 'usable':
      return content.key.getPublicSSH();
    case 'encrypted':
    case 'public':
      return content.publicKey;
    default:
      return undefined;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
