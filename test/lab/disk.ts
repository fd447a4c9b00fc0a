import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { HostOptions } from './host.ts';
import { labKeys } from './keys.ts';

const SUDOERS = {
  nopasswd: '',
  password: 'ops ALL=(ALL) PASSWD: ALL\n',
  requiretty: 'Defaults requiretty\n',
};

/** Writes what makes a host this one and no other; gives its public host keys, each `type base64`. */
export async function prepareDisk(
  root: string,
  name: string,
  address: string,
  { sudo = 'nopasswd', hostKeyTypes = ['ed25519', 'ecdsa'] }: HostOptions,
): Promise<string[]> {
  const etc = (path: string, text: string, mode = 0o644) =>
    writeFile(join(root, 'etc', path), text, { mode });
  await etc('hostname', `${name}\n`);
  await etc('hosts', `127.0.0.1 localhost\n${address} ${name}\n`);
  // Without an id systemd would take this for the first boot and enable what Debian's presets say.
  await etc('machine-id', `${randomBytes(16).toString('hex')}\n`);
  await mkdir(join(root, 'etc/ssh/sshd_config.d'), { recursive: true });
  await etc(
    'ssh/sshd_config.d/lab.conf',
    [
      `ListenAddress ${address}\n`,
      ...hostKeyTypes.map(type => `HostKey /etc/ssh/ssh_host_${type}_key\n`),
    ].join(''),
  );
  for (const user of ['root', 'ops', 'nosudo']) {
    await etc(`ssh/authorized_keys/${user}`, `${labKeys().publicKey}\n`);
  }
  await etc('sudoers.d/zz-lab', SUDOERS[sudo], 0o440);
  const hostKeys: string[] = [];
  for (const type of hostKeyTypes) {
    const file = join(root, `etc/ssh/ssh_host_${type}_key`);
    await execa('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', file]);
    hostKeys.push((await readFile(`${file}.pub`, 'utf8')).split(' ').slice(0, 2).join(' '));
  }
  return hostKeys;
}
