import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeState } from './state.ts';

/** The key that opens every host that this process boots, for the users root, ops and nosudo. */
export interface LabKeys {
  /** The identity file (ed25519, no passphrase). */
  readonly privateKeyFile: string;
  /** One line, as in `authorized_keys`. */
  readonly publicKey: string;
}

let made: LabKeys | undefined;

/** The key of this process: made at the first call, removed when the process ends. */
export function labKeys(): LabKeys {
  made ??= makeKeys();
  return made;
}

function makeKeys(): LabKeys {
  const { folder } = makeState('keys');
  const privateKeyFile = join(folder, 'id_ed25519');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'hookfleet-lab', '-f', privateKeyFile]);
  return { privateKeyFile, publicKey: readFileSync(`${privateKeyFile}.pub`, 'utf8').trim() };
}

/** Writes a `known_hosts` file that knows exactly these hosts, by address. */
export async function writeKnownHosts(
  hosts: readonly { readonly address: string; readonly hostKeys: readonly string[] }[],
  file: string,
): Promise<void> {
  const lines = hosts.flatMap(host => host.hostKeys.map(key => `${host.address} ${key}\n`));
  await writeFile(file, lines.join(''));
}
