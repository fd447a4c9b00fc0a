import test from 'ava';
import { execa } from 'execa';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BIN, makeControl } from './fleet.ts';
import { startLightHost } from './host.ts';
import { boot } from './in-test.ts';

test('x', async t => {
  const hosts = await Promise.all(Array.from({ length: 3 }, (_, i) => startLightHost({ name: `kvm-${i + 1}`, hostKeyTypes: ['ed25519'] })));
  t.teardown(async () => { for (const h of hosts) await h.stop(); });
  const control = await makeControl({ hypervisors: hosts });
  t.teardown(() => control.remove());
  await mkdir(join(control.folder, 'hooks/audit/before_vm_start'), { recursive: true });
  await control.write('hooks/audit/before_vm_start/50_audit', '#!/bin/sh\nexit 0\n');
  await control.write('site.yml', '- hosts: hypervisors\n  become: true\n  vdsm_hooks:\n    - { name: audit, source: hooks/audit }\n');
  const small = join(control.folder, 'small');
  await mkdir(small);
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'none', small]);
  t.teardown(() => execa('umount', ['-l', small]));
  await execa('sh', ['-c', `head -c 4096 /dev/zero >${small}/rest; ls -la ${small}; : >${small}/log; : >${small}/err`]);
  for (const redirect of [`>${small}/log 2>${small}/err`, `>>${small}/log`, '>/dev/full', '2>/dev/full', '>/dev/full 2>&1 --json']) {
    const r = await execa('sh', ['-c', `${process.execPath} ${BIN} apply site.yml -i hosts.ini ${redirect}; echo "exit $?"`], { cwd: control.folder, env: { HOME: join(control.folder, 'home') }, reject: false, stdin: 'ignore' });
    console.log(redirect, r.stdout.slice(0, 1500), r.stderr.slice(0, 1500));
    const left = await hosts[0]!.exec('ls /usr/libexec/vdsm/hooks/before_vm_start; rm -f /usr/libexec/vdsm/hooks/before_vm_start/50_audit');
    console.log(left.stdout);
  }
  t.pass();
});
test('two names', async t => {
  const hosts = await Promise.all(Array.from({ length: 1 }, (_, i) => startLightHost({ name: `kvm-${i + 1}`, hostKeyTypes: ['ed25519'] })));
  t.teardown(async () => { for (const h of hosts) await h.stop(); });
  const engine = await boot(t, { name: 'engine', kind: 'engine' });
  const control = await makeControl({ hypervisors: hosts, engines: [engine] });
  t.teardown(() => control.remove());
  await control.write('hosts.ini', `[hypervisors]\nkvm-1 ansible_host=${hosts[0]!.address}\nkvm-one ansible_host=${hosts[0]!.address}\n[engine]\nengine ansible_host=${engine.address}\nmanager ansible_host=${engine.address}\n[all:vars]\nansible_user=ops\n`);
  await control.write('site.yml', `- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n- hosts: engine\n  become: true\n  engine_properties: { vm: { tag: "^x$" } }\n`);
  for (let i = 0; i < 2; i++) {
  const r = await control.run('apply', 'site.yml', '-i', 'hosts.ini');
  console.log(r);
  }
  t.pass();
});
