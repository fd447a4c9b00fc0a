/**
 * `npm run transcript:protected`: writes the transcript of docs/protected-domains.md, from the program as it is built and
 * a real libvirtd and polkitd, with an operator who is not root. Where a line does not come as told, it ends with an error.
 */
import { type Control, makeControl } from './fleet.ts';
import { bootHost, type LabHost } from './host.ts';
import { addOperator, guestPids, startGuests, untilLibvirtAnswers } from './libvirt.ts';
import { transcriptOf, writePage } from './transcript.ts';

const PLAYBOOK = `- hosts: hypervisors
  become: true
  protected_domains: [db-1]
`;

const OPERATOR = 'olga';
const VIRSH = 'virsh -c qemu:///system';
const CONF = '/etc/libvirt/libvirtd.conf';
const ETC = 'find /etc/libvirt /etc/polkit-1 -path /etc/libvirt/qemu -prune -o -type f -print0 | sort -z';

const host = await bootHost({ name: 'kvm1', libvirt: true, vdsm: 'none' });
try {
  await untilLibvirtAnswers(host);
  await startGuests(host, 'db-1', 'web-1');
  await addOperator(host, OPERATOR);
  const control = await makeControl({ hypervisors: [host] });
  try {
    await writePage('protected-domains', 'transcript:protected', await record(host, control));
  } finally {
    await control.remove();
  }
} finally {
  await host.stop();
}

async function record(host: LabHost, control: Control): Promise<string> {
  const { inside, program, file, lastLine, text } = transcriptOf(host, control);
  const operator = (command: string, says: RegExp) => inside(`${VIRSH} ${command}`, says, OPERATOR);
  const guests = () => inside('pgrep -a qemu | cut -d , -f 1', /guest=db-1/);
  const sum = () => inside(`${ETC} | xargs -0 sha256sum | sha256sum`, /^[0-9a-f]{64} /);

  const { 'db-1': before } = await guestPids(host);
  await guests();
  await sum();
  await file('kvm.yml', PLAYBOOK);
  await program('check kvm.yml -i hosts.ini', 3, /Not covered/);
  await program('apply kvm.yml -i hosts.ini', 0, /changed/);
  await inside('cat /etc/libvirt/protected-domains', /^db-1$/m);
  await guests();

  for (const command of ['destroy db-1', 'shutdown db-1', "qemu-monitor-command db-1 --hmp 'quit'"]) {
    await operator(command, /access denied/);
  }
  await operator('destroy web-1', /destroyed/);
  await operator('start web-1', /started/);
  await program('check kvm.yml -i hosts.ini', 0, /1 ok/);

  await inside(`sed -i '/^access_drivers/d' ${CONF} && systemctl restart libvirtd`, /^$/);
  await program('check kvm.yml -i hosts.ini', 3, /drifted/);
  await program('apply kvm.yml -i hosts.ini', 0, /changed/);
  await operator('reset db-1', /access denied/);

  await lastLine('kvm.yml', PLAYBOOK.replace('[db-1]', '[]'));
  await program('apply kvm.yml -i hosts.ini', 0, /changed/);
  await sum();
  await operator('reset db-1', /reset/);
  await guests();
  const { 'db-1': after } = await guestPids(host);
  if (before === undefined || after !== before) {
    throw new Error('The guest has noticed');
  }
  return text();
}
