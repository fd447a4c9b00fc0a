import ssh2, { type ParsedKey } from 'ssh2';

/** An Ed25519 key: the private one as the text of an OpenSSH file, and what ssh2 reads of it. */
export interface DemoKey {
  readonly text: string;
  readonly key: ParsedKey;
}

/**
 * Makes a key. One in 256 that ssh2 makes is broken (it takes a leading zero of the public key away), so each is read
 * back first.
 */
export function makeKey(): DemoKey {
  for (;;) {
    const text = ssh2.utils.generateKeyPairSync('ed25519').private;
    const key = ssh2.utils.parseKey(text);
    if (!(key instanceof Error)) {
      return { text, key };
    }
  }
}

/** A line of known_hosts for a server on 127.0.0.1. */
export function knownHostsLine(port: number, { key }: DemoKey): string {
  return `[127.0.0.1]:${port} ${key.type} ${key.getPublicSSH().toString('base64')}\n`;
}
