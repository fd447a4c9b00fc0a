/** `npm run lab`: real hosts to play with, as the tests have them, until Ctrl-C. Root on Debian. */
import { once } from 'node:events';
import { join } from 'node:path';
import { sh } from '../../src/core/sh.ts';
import { BIN, makeControl } from './fleet.ts';
import { bootHost, type LabHost } from './host.ts';

const PLAYBOOK = `- hosts: hypervisors
  become: true
  vdsm_hooks: [diskunmap]
- hosts: engine
  become: true
  engine_properties: { from_hooks: true }
`;

const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
const hosts: LabHost[] = [];
try {
  for (const name of ['hv-01', 'hv-02', 'hv-03']) {
    hosts.push(await bootHost({ name }));
  }
  const engine = await bootHost({ name: 'engine-01', kind: 'engine' });
  const control = await makeControl({ hypervisors: hosts, engines: [engine] }, 'root');
  hosts.push(engine);
  try {
    await control.write('hooks.yml', PLAYBOOK);
    const options = [
      '-i',
      'hosts.ini',
      '--known-hosts',
      'home/.ssh/known_hosts',
      '--private-key',
      'home/.ssh/id_ed25519',
    ];
    const lines = [
      'The hosts are up, with real OpenSSH, systemd and dnf:',
      ...hosts.map(
        ({ name, address, root }) => `  ${name.padEnd(10)} ${address.padEnd(16)} its disk: ${root}`,
      ),
      '',
      'In another terminal:',
      sh`  cd ${control.folder}`.text,
      ...['doctor', 'check hooks.yml', 'apply hooks.yml'].map(
        command => sh`  ${[BIN, ...command.split(' '), ...options]}`.text,
      ),
      sh`  ssh -i ${join(control.folder, 'home/.ssh/id_ed25519')} -o UserKnownHostsFile=${join(control.folder, 'home/.ssh/known_hosts')} root@${engine.address}`
        .text,
      '',
      'Ctrl-C ends them, and takes everything away.',
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    const holdOn = setInterval(() => {}, 60_000);
    await interrupted;
    clearInterval(holdOn);
  } finally {
    await control.remove();
  }
} finally {
  await Promise.all(hosts.map(host => host.stop()));
}
