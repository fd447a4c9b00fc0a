import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { makeControl } from './fleet.ts';
import { boot } from './in-test.ts';

const SCRIPT = '/usr/libexec/vdsm/hooks/before_vm_start/50_site_audit';

test('hooks of the site’s own catalogue are installed by their names, as package and as folder, and removed again', async t => {
  const host = await boot(t, { name: 'hv1' });
  const control = await makeControl({ hypervisors: [host] });
  t.teardown(() => control.remove());
  await mkdir(join(control.folder, 'catalog'));
  await mkdir(join(control.folder, 'hooks/site_audit/before_vm_start'), { recursive: true });
  await control.write('hooks/site_audit/before_vm_start/50_site_audit', '#!/bin/sh\nexit 0\n');
  await control.write(
    'catalog/ours.yml',
    `- { name: suid_helper, package: vdsm-hook-suidhelper, summary: Lends a hand. }
- { name: site_audit, source: ../hooks/site_audit, summary: Writes down every start of a VM. }
`,
  );
  const words = ['suid_helper', 'site_audit', '-i', 'hosts.ini'];
  const installed = await control.json('install', ...words, '--no-engine', '--yes');
  t.is(installed.report.hosts.hv1?.outcome, 'changed', installed.stderr);
  t.is((await host.exec('rpm -q vdsm-hook-suidhelper', { reject: false })).exitCode, 0);
  t.is((await host.exec(['stat', '-c', '%a %U', SCRIPT])).stdout, '755 root\n');
  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [suid_helper, site_audit]\n',
  );
  const kept = await control.json('apply', 'site.yml', '-i', 'hosts.ini', '--yes');
  t.regex(kept.report.hosts.hv1?.error?.hint ?? '', /`hookfleet remove site_audit` gives it up/);
  const removed = await control.json('remove', ...words, '--yes');
  t.is(removed.report.hosts.hv1?.outcome, 'changed', removed.stderr);
  t.is((await host.exec('rpm -q vdsm-hook-suidhelper', { reject: false })).exitCode, 1);
  t.is((await host.exec(['test', '-e', SCRIPT], { reject: false })).exitCode, 1);
  t.is((await control.run('apply', 'site.yml', '-i', 'hosts.ini', '--yes')).exitCode, 0);
  t.is((await control.run('check', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);
});
