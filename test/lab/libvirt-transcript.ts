/**
 * `npm run transcript:libvirt`: writes the transcript of docs/libvirt.md, from the program as it is built and a real
 * libvirtd with a guest that runs all the while. Where a line does not come as told, it ends with an error.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Control, makeControl } from './fleet.ts';
import { bootHost, type LabHost } from './host.ts';
import { defineGuest, guestPids, startGuests, untilLibvirtAnswers } from './libvirt.ts';
import { transcriptOf, writePage } from './transcript.ts';

const AUDIT = `#!/bin/sh
# Notes when a guest starts and ends.
case $2 in
  prepare|release) echo "$1 $2 $3 $4" >>/var/log/guests.log || true ;;
esac
exit 0
`;

const PLAYBOOK = `- hosts: hypervisors
  become: true
  libvirt_hooks:
    - driver: qemu
      name: 10-audit
      source: hooks/10-audit
      operations: [prepare, release]
`;

const host = await bootHost({ name: 'kvm1', libvirt: true, vdsm: 'none' });
try {
  await untilLibvirtAnswers(host);
  await startGuests(host, 'db-1');
  await defineGuest(host, 'web-1');
  const control = await makeControl({ hypervisors: [host] });
  try {
    await writePage('libvirt', 'transcript:libvirt', await record(host, control));
  } finally {
    await control.remove();
  }
} finally {
  await host.stop();
}

async function record(host: LabHost, control: Control): Promise<string> {
  const { inside, program, file, lastLine, text } = transcriptOf(host, control);
  await mkdir(join(control.folder, 'hooks'));
  const before = await guestPids(host);
  await inside('pgrep -a qemu | cut -d , -f 1', /guest=db-1/);
  await file('kvm.yml', PLAYBOOK);
  await file('hooks/10-audit', AUDIT);
  await program('apply kvm.yml -i hosts.ini', 0, /changed/);
  await inside('journalctl -u libvirtd -o cat -n 1', /Reloaded/);
  await inside('virsh start web-1 && virsh destroy web-1', /destroyed/);
  await inside('cat /var/log/guests.log', /web-1 prepare begin -\nweb-1 release end -/);
  await program('apply kvm.yml -i hosts.ini', 0, /1 ok/);

  await lastLine('hooks/10-audit', AUDIT.replace('exit 0', '[ "$2" != reconnect ]'));
  await program('apply kvm.yml -i hosts.ini', 1, /reconnect/);
  await lastLine('kvm.yml', PLAYBOOK.replace('[prepare, release]', '[prepare, stop]'));
  await program('apply kvm.yml -i hosts.ini', 1, /stop/);

  await lastLine('kvm.yml', PLAYBOOK.replace(/ {6}source.*/s, '      state: absent\n'));
  await program('apply kvm.yml -i hosts.ini', 0, /changed/);
  await inside('find /etc/libvirt/hooks', /^\/etc\/libvirt\/hooks\n$/);
  await inside('pgrep -a qemu | cut -d , -f 1', /guest=db-1/);
  if (JSON.stringify(await guestPids(host)) !== JSON.stringify(before)) {
    throw new Error('The guest has noticed');
  }
  return text();
}
