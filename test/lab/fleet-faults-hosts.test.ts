import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  APPLY,
  AUDIT,
  controlOf,
  hooksPlay,
  isAsTold,
  lightHosts,
  typeNext,
  versionsOf,
} from './fleet-faults-lab.ts';
import type { LabHost } from './host.ts';

const CHECK = ['check', ...APPLY.slice(1)];

function versions(hosts: readonly LabHost[], ...packages: readonly string[]): Promise<readonly string[]> {
  return Promise.all(hosts.map(async host => (await host.exec(versionsOf(...packages))).stdout.trim()));
}

test('a repository broken on half of the hosts: the others are done, and the next command heals', async t => {
  const hosts = await lightHosts(t, 4);
  const control = await controlOf(t, hosts);
  await control.write('site.yml', hooksPlay('', '[diskunmap]'));
  const move = (from: string, to: string) =>
    Promise.all(
      hosts
        .slice(2)
        .map(host => host.exec(`sed -i s,/srv/repo/${from},/srv/repo/${to}, /etc/yum.repos.d/lab.repo`)),
    );
  await move('lab', 'gone');
  const ran = await control.run(...APPLY);
  isAsTold(t, 'repository-broken', ran);
  t.regex(
    ran.stdout,
    /^failed \(2 hosts\): kvm-03, kvm-04\n(?: .*\n)*? {4}\| Error: Failed to download metadata/m,
  );
  const has = 'vdsm-hook-diskunmap 4.50.6';
  t.deepEqual(await versions(hosts, 'vdsm-hook-diskunmap'), [has, has, '', '']);
  await move('gone', 'lab');
  t.is((await typeNext(control, ran)).exitCode, 0);
  t.deepEqual(await versions(hosts, 'vdsm-hook-diskunmap'), [has, has, has, has]);
});

test('two versions of VDSM: each host gets what fits, and nobody gets another VDSM', async t => {
  const hosts = (await Promise.all([lightHosts(t, 2), lightHosts(t, 2, { from: 3, vdsm: '4.50.5' })])).flat();
  const control = await controlOf(t, hosts);
  await control.write('site.yml', hooksPlay('', '[localdisk]'));
  isAsTold(t, 'two-vdsm', await control.run(...APPLY));
  const both = (version: string) => `vdsm ${version}\nvdsm-hook-localdisk ${version}`;
  t.deepEqual(
    await versions(hosts, 'vdsm', 'vdsm-hook-localdisk'),
    ['4.50.6', '4.50.6', '4.50.5', '4.50.5'].map(both),
  );
  t.is((await control.run(...CHECK)).exitCode, 0);

  await Promise.all(hosts.map(host => host.exec('rpm -e vdsm-hook-localdisk')));
  await control.write('site.yml', hooksPlay('', '[{ name: localdisk, version: "=4.50.6" }]'));
  isAsTold(t, 'two-vdsm-pinned', await control.run(...APPLY));
  t.deepEqual(await versions(hosts, 'vdsm', 'vdsm-hook-localdisk'), [
    both('4.50.6'),
    both('4.50.6'),
    'vdsm 4.50.5',
    'vdsm 4.50.5',
  ]);
});

test('a full disk on a host: what was there stays whole, and the next command heals', async t => {
  const hosts = await lightHosts(t, 3, { diskSize: '40m' });
  const [, full] = hosts;
  if (full === undefined) {
    throw new Error('no host');
  }
  const control = await controlOf(t, hosts);
  const fill = () => full.exec('head -c 100m /dev/zero >/fill || true');
  const free = () => full.exec('rm /fill');
  const hook = () => readFile(join(full.root, AUDIT), 'utf8');
  await control.write('site.yml', hooksPlay());
  t.is((await control.run(...APPLY)).exitCode, 0);
  const before = await hook();
  const after = `${before}# more\n`;

  await fill();
  await control.write('hooks/audit/before_vm_start/50_audit', after);
  const script = await control.run(...APPLY);
  isAsTold(t, 'disk-full', script);
  t.is(await hook(), before);
  await free();
  t.is((await typeNext(control, script)).exitCode, 0);
  t.is(await hook(), after);

  await fill();
  await control.write('site.yml', hooksPlay('', '[diskunmap]'));
  const packages = await control.run(...APPLY);
  isAsTold(t, 'disk-full-package', packages);
  t.deepEqual(await versions([full], 'vdsm-hook-diskunmap', 'qemu-kvm'), ['']);
  await free();
  t.is((await typeNext(control, packages)).exitCode, 0);
  await full.exec('rpm -V vdsm-hook-diskunmap');
});
