/**
 * `npm run transcript:libvirt`: writes the transcript of docs/libvirt.md, from the program as it is built and a real
 * libvirtd with a guest that runs all the while. Where a line does not come as told, it ends with an error.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Control, makeControl } from './fleet.ts';
import { bootHost, type LabHost } from './host.ts';
import { defineGuest, guestPids, startGuests, untilLibvirtAnswers } from './libvirt.ts';

const PAGE = fileURLToPath(new URL('../../docs/libvirt.md', import.meta.url));
const BEGIN = '<!-- transcript: written by npm run transcript:libvirt -->';
const END = '<!-- end of transcript -->';

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
    await writePage(await record(host, control));
  } finally {
    await control.remove();
  }
} finally {
  await host.stop();
}

async function record(host: LabHost, control: Control): Promise<string> {
  const lines: string[] = [];
  const note = (prompt: string, command: string, output: string) =>
    lines.push(`${prompt} ${command}`, ...output.replace(/\n+$/, '').split('\n'), '');
  const inside = async (command: string, says: RegExp) => {
    const { stdout, stderr } = await host.exec(command, { reject: false });
    note('kvm1#', command, expected(command, stdout + stderr, says));
  };
  const program = async (args: string, exitCode: number, says: RegExp) => {
    const ran = await control.run(...args.split(' '));
    if (ran.exitCode !== exitCode) {
      throw new Error(`hookfleet ${args} ended with ${ran.exitCode}:\n${ran.stdout}${ran.stderr}`);
    }
    const output = expected(args, ran.stdout, says).trimEnd();
    note('$', `hookfleet ${args} 2>/dev/null; echo "exit $?"`, `${output}\nexit ${exitCode}`);
  };
  const file = async (name: string, text: string) => {
    await control.write(name, text);
    note('$', `cat ${name}`, text);
  };
  const lastLine = async (name: string, text: string) => {
    await control.write(name, text);
    note('$', `tail -n 1 ${name}`, text.trimEnd().split('\n').at(-1) ?? '');
  };

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
  return lines.join('\n').trimEnd();
}

function expected(command: string, output: string, says: RegExp): string {
  if (!says.test(output)) {
    throw new Error(`${command} does not say ${says}:\n${output}`);
  }
  return output;
}

async function writePage(transcript: string): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const [before, rest = ''] = page.split(BEGIN);
  const after = rest.split(END)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`${PAGE} has no place for the transcript: ${BEGIN} ... ${END}`);
  }
  await writeFile(PAGE, `${before}${BEGIN}\n\n\`\`\`console\n${transcript}\n\`\`\`\n\n${END}${after}`);
}
