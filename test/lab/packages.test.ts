import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { boot, ssh } from './in-test.ts';
import { RPMS } from './recipe.ts';

test.serial(
  'dnf installs every package of the repositories, and rpm finds nothing to complain about',
  async t => {
    const host = await boot(t);
    const hooks = [...new Set(RPMS.map(rpm => rpm.spec))].filter(name => name.startsWith('vdsm-hook-'));
    const installed = await ssh(
      t,
      host,
      'ops',
      `sudo -n dnf -y -q --enablerepo=site install ${hooks.join(' ')}`,
    );
    t.is(installed.exitCode, 0, installed.stderr);
    // Root and sudo see one database.
    const list = "rpm -qa --qf '%{NAME}\\n' | sort";
    const names = (await ssh(t, host, 'root', list)).stdout.split('\n');
    t.deepEqual(names, [...new Set(RPMS.map(rpm => rpm.spec))].sort());
    t.deepEqual(
      (await ssh(t, host, 'ops', `sudo -n sh -c "${list.replaceAll('\\', '\\\\\\')}"`)).exitCode,
      0,
    );
    t.is((await host.exec(`rpm -V ${hooks.join(' ')}`, { reject: false })).stdout, '');
    const hook = '/usr/libexec/vdsm/hooks';
    const modes = await host.exec([
      'stat',
      '--format=%A %U:%G %N',
      `${hook}/before_vm_start/50_diskunmap`,
      `${hook}/before_vm_dehibernate/50_vhostmd`,
      `${hook}/after_get_stats/checkips_utils.py`,
      `${hook}/after_vm_start/openstacknet_utils.py`,
      '/etc/sudoers.d/50_vdsm_hook_localdisk',
      '/etc/vdsm/siteaudit.conf',
      '/usr/libexec/vdsm/suidhelper',
      '/var/lib/vdsm/suidhelper',
    ]);
    t.deepEqual(modes.stdout.trim().split('\n'), [
      `-rwxr-xr-x root:root '${hook}/before_vm_start/50_diskunmap'`,
      `lrwxrwxrwx root:root '${hook}/before_vm_dehibernate/50_vhostmd' -> '../before_vm_start/50_vhostmd'`,
      `-rw-r--r-- root:root '${hook}/after_get_stats/checkips_utils.py'`,
      `-rwxr-xr-x root:root '${hook}/after_vm_start/openstacknet_utils.py'`,
      "-r--r----- root:root '/etc/sudoers.d/50_vdsm_hook_localdisk'",
      "-rw-r----- root:kvm '/etc/vdsm/siteaudit.conf'",
      "-rwsr-x--- root:kvm '/usr/libexec/vdsm/suidhelper'",
      "drwxr-x--- vdsm:kvm '/var/lib/vdsm/suidhelper'",
    ]);
    const flags = await host.exec("rpm -q --qf '[%{FILEFLAGS:fflags} %{FILENAMES}\\n]' vdsm-hook-siteaudit");
    t.deepEqual(flags.stdout.trim().split('\n').sort(), [
      ` ${hook}/before_vm_start/60_siteaudit`,
      'cn /etc/vdsm/siteaudit.conf',
      'd /usr/share/doc/vdsm-hook-siteaudit/README',
      'g /var/log/vdsm/siteaudit.log',
    ]);
    const crlf = await readFile(join(host.root, hook, 'before_vm_start/50_crlf'), 'utf8');
    t.is(crlf, '#!/bin/sh\r\nexit 0\r\n');
    const broken = await readFile(join(host.root, hook, 'before_vm_start/50_brokeninterp'), 'utf8');
    t.false(existsSync(join(host.root, broken.split('\n')[0]?.slice(3) ?? '')));
    // VDSM has 58 events.
    const events = await readdir(join(host.root, hook), { withFileTypes: true });
    t.is(events.filter(entry => entry.isDirectory()).length, 58);
  },
);

test.serial('localdisk needs the very version of vdsm', async t => {
  const host = await boot(t, { vdsm: '4.50.5' });
  const install = (...words: string[]) =>
    host.exec(['dnf', '-y', '-q', 'install', ...words], { reject: false });
  const refused = await install('vdsm-hook-localdisk-4.50.6', '--exclude=vdsm');
  t.is(refused.exitCode, 1);
  t.regex(refused.stderr, /vdsm = 4\.50\.6-1/);
  t.is((await install('vdsm-hook-localdisk-4.50.5')).exitCode, 0);
  t.is((await host.exec('rpm -q vdsm')).stdout, 'vdsm-4.50.5-1.noarch\n');
  t.is((await install('vdsm-hook-localdisk-4.50.6')).exitCode, 0);
  t.is((await host.exec('rpm -q vdsm')).stdout, 'vdsm-4.50.6-1.noarch\n');
});

test.serial('macspoof is only in the repository that is switched off', async t => {
  const host = await boot(t, { vdsm: 'none' });
  t.is((await host.exec('rpm -q vdsm', { reject: false })).exitCode, 1);
  const install = (...words: string[]) =>
    host.exec(['dnf', '-y', '-q', 'install', 'vdsm-hook-macspoof', ...words], { reject: false });
  const refused = await install();
  t.is(refused.exitCode, 1);
  t.regex(refused.stderr, /Unable to find a match: vdsm-hook-macspoof/);
  t.is((await install('--enablerepo=site')).exitCode, 0);
});
