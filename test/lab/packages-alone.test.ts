import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { packageResource } from '../../src/resources/package/package.ts';
import { parseRange, type VersionRange } from '../../src/resources/package/version-range.ts';
import { type HookWanted, vdsmHookResource } from '../../src/resources/vdsm-hook/vdsm-hook.ts';
import type { HostOptions, LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { asText, bring } from './on-host.ts';
import { SAMPLES } from './package-samples.ts';
import { buildSamples, offer } from './sample-rpm.ts';

let samples = '';

test.before(async () => {
  samples = await buildSamples(SAMPLES);
});

/** A host whose repositories have the samples besides the lab's packages. */
async function hostWithSamples(t: ExecutionContext, options: HostOptions = {}): Promise<LabHost> {
  const host = await boot(t, options);
  await offer(host, samples);
  return host;
}

async function installed(host: LabHost): Promise<string[]> {
  return (await host.exec("rpm -qa --qf '%{NAME}-%{VERSION}-%{RELEASE}\\n' | sort")).stdout
    .trim()
    .split('\n');
}

const present = (name: string) => ({ name, state: 'present' as const });
const absent = (name: string) => ({ name, state: 'absent' as const });
const hook = (name: string, more: Partial<HookWanted> = {}): readonly HookWanted[] => [
  { name, package: `vdsm-hook-${name}`, state: 'present', ...more },
];

function range(text: string): VersionRange {
  const parsed = parseRange(text);
  if ('fault' in parsed) {
    throw new Error(parsed.fault);
  }
  return parsed;
}

test('a hook that needs the very vdsm comes in the version of the vdsm that is there, though a newer one is offered', async t => {
  for (const vdsm of ['4.50.5', '4.50.6'] as const) {
    const host = await boot(t, { vdsm });
    const { made, left } = await bring(host, vdsmHookResource, hook('localdisk'));
    t.deepEqual(asText(made), [`install localdisk: (none) -> vdsm-hook-localdisk-0:${vdsm}-1.noarch`]);
    t.deepEqual(left.changes, []);
    t.deepEqual(await installed(host), [
      'lab-interpreters-1-1',
      `vdsm-${vdsm}-1`,
      `vdsm-hook-localdisk-${vdsm}-1`,
    ]);
  }
});

test('plain dnf would have upgraded vdsm: the test has teeth', async t => {
  const host = await boot(t, { vdsm: '4.50.5' });
  await host.exec('dnf -y -q install vdsm-hook-localdisk');
  t.true((await installed(host)).includes('vdsm-4.50.6-1'));
});

test('a hook of the other vdsm is refused, and what it would change is named', async t => {
  const host = await boot(t, { vdsm: '4.50.5' });
  const before = await installed(host);
  for (const text of ['=4.50.6', '>4.50.5']) {
    const { failed } = await bring(host, vdsmHookResource, hook('localdisk', { version: range(text) }));
    t.is(failed?.trouble, 'would-change', failed?.stderr);
    t.is(
      failed?.message,
      'This would change other packages of the host: vdsm 4.50.5-1 (upgraded); nothing was touched',
    );
  }
  t.is((await bring(host, vdsmHookResource, hook('localdisk'))).failed, null);
  const newer = await bring(host, vdsmHookResource, hook('localdisk', { version: range('>4.50.5') }));
  t.is(newer.failed?.trouble, 'would-change', 'also as an upgrade, which dnf would pass over in silence');
  t.deepEqual(await installed(host), [...before, 'vdsm-hook-localdisk-4.50.5-1'].sort());
});

test('an older hook beside a newer vdsm needs a downgrade of vdsm, and is refused', async t => {
  const host = await boot(t, { vdsm: '4.50.6' });
  const { failed } = await bring(host, vdsmHookResource, hook('localdisk', { version: range('=4.50.5') }));
  t.is(failed?.trouble, 'other-version', failed?.stderr);
  t.is(
    failed?.message,
    'vdsm-hook-localdisk-4.50.5-1.noarch needs vdsm = 4.50.5-1, and this host has vdsm-4.50.6-1; nothing was touched',
  );
  t.deepEqual(await installed(host), ['lab-interpreters-1-1', 'vdsm-4.50.6-1']);
});

test('what would upgrade, replace or push out another package is refused, and nothing is touched', async t => {
  const host = await hostWithSamples(t, { vdsm: '4.50.5' });
  t.is((await bring(host, packageResource, [present('needs-extnet')])).failed, null);
  const before = await installed(host);
  const cases: readonly (readonly [name: string, trouble: string, message: RegExp])[] = [
    ['needs-new-vdsm', 'would-change', /vdsm 4\.50\.5-1 \(upgraded\)/],
    [
      'replaces-vdsm',
      'clash',
      /replaces-vdsm-1-1\.noarch obsoletes vdsm-4\.50\.5-1\.noarch, which is on this host/,
    ],
    ['brings-replaces-vdsm', 'clash', /replaces-vdsm-1-1\.noarch obsoletes vdsm-4\.50\.5-1\.noarch/],
    ['conflicts-vdsm', 'clash', /conflicts-vdsm-1-1\.noarch conflicts with vdsm-4\.50\.5-1\.noarch, which/],
    ['replaces-needs-extnet', 'would-change', /needs-extnet 1-1 \(obsoleted\)/],
  ];
  for (const [name, trouble, message] of cases) {
    const { failed, made } = await bring(host, packageResource, [present(name)]);
    t.is(failed?.trouble, trouble, `${name}: ${failed?.stderr}`);
    t.regex(failed?.message ?? '', message);
    t.deepEqual(made, []);
    t.deepEqual(await installed(host), before, name);
  }
});

test('nothing of that depends on the host’s dnf.conf', async t => {
  const host = await hostWithSamples(t, { vdsm: '4.50.5' });
  await writeFile(
    join(host.root, 'etc/dnf/dnf.conf'),
    '[main]\nbest=True\nassumeyes=True\ndefaultyes=True\nobsoletes=True\nskip_broken=True\nstrict=False\ndisable_excludes=all\nclean_requirements_on_remove=True\nprotected_packages=\n',
  );
  t.is((await bring(host, packageResource, [present('needs-extnet')])).failed, null);
  const before = await installed(host);
  for (const name of ['needs-new-vdsm', 'replaces-vdsm', 'brings-replaces-vdsm', 'replaces-needs-extnet']) {
    t.truthy((await bring(host, packageResource, [present(name)])).failed, name);
    t.deepEqual(await installed(host), before, name);
  }
  t.is((await bring(host, packageResource, [absent('needs-extnet')])).failed, null);
  t.true((await installed(host)).includes('vdsm-hook-extnet-4.50.5-1'), 'what nothing needs any more stays');
});

test('a package is installed itself, not the one that obsoletes it', async t => {
  const host = await hostWithSamples(t);
  const { made } = await bring(host, packageResource, [present('needs-extnet')]);
  t.deepEqual(asText(made), [
    'install needs-extnet: (none) -> needs-extnet-0:1-1.noarch',
    'install vdsm-hook-extnet: (none) -> vdsm-hook-extnet-0:4.50.5-1.noarch',
  ]);
});

test('new dependencies come in and are told, needed ones and recommended ones', async t => {
  const host = await hostWithSamples(t);
  const { made, left } = await bring(host, vdsmHookResource, hook('diskunmap'));
  t.deepEqual(asText(made), [
    'install diskunmap: (none) -> vdsm-hook-diskunmap-0:4.50.6-1.noarch',
    'install qemu-kvm: (none) -> qemu-kvm-0:6.2.0-1.noarch',
  ]);
  t.deepEqual(left.changes, []);
  const liked = await bring(host, packageResource, [present('likes-helper')]);
  t.deepEqual(asText(liked.made).slice(1), ['install helper: (none) -> helper-0:2-1.noarch']);
});

test('an installed dependency is not upgraded for a package', async t => {
  const host = await hostWithSamples(t);
  t.is((await bring(host, packageResource, [{ ...present('helper'), version: range('=1') }])).failed, null);
  const { failed } = await bring(host, packageResource, [present('needs-helper-2')]);
  t.is(failed?.trouble, 'would-change');
  t.regex(failed?.message ?? '', /helper 1-1 \(upgraded\)/);
  const together = await bring(host, packageResource, [
    { ...present('helper'), version: range('>=2') },
    present('needs-helper-2'),
  ]);
  t.is(together.failed, null, 'unless the playbook names it too');
});

test('of two packages that must match, both are named or none is changed', async t => {
  const host = await hostWithSamples(t);
  t.is((await bring(host, packageResource, [{ ...present('pair'), version: range('=1') }])).failed, null);
  const alone = await bring(host, packageResource, [{ ...present('pair'), version: range('=2') }]);
  t.is(alone.failed?.trouble, 'would-change');
  const both = await bring(
    host,
    packageResource,
    ['pair', 'pair-libs'].map(name => ({ ...present(name), version: range('=2') })),
  );
  t.is(both.failed, null, both.failed?.stderr);
  t.deepEqual(asText(both.made), [
    'upgrade pair: pair-0:1-1.noarch -> pair-0:2-1.noarch',
    'upgrade pair-libs: pair-libs-0:1-1.noarch -> pair-libs-0:2-1.noarch',
  ]);
});

test('a package that another one needs is not removed, and the other one is named', async t => {
  const host = await hostWithSamples(t);
  t.is((await bring(host, packageResource, [present('needs-extnet')])).failed, null);
  const { failed } = await bring(host, vdsmHookResource, hook('extnet', { state: 'absent' }));
  t.is(failed?.trouble, 'needed');
  t.is(failed?.message, 'vdsm-hook-extnet is needed by needs-extnet-1-1.noarch, so it is not removed');
  t.true((await installed(host)).includes('needs-extnet-1-1'));
  const both = await bring(host, packageResource, [absent('vdsm-hook-extnet'), absent('needs-extnet')]);
  t.is(both.failed, null);
  t.is(both.made.length, 2);
  t.regex((await host.exec('dnf history')).stdout, /Removed/, 'dnf did it, and its history says so');
});

test('a package that the host protects is not removed', async t => {
  const host = await hostWithSamples(t);
  t.is(
    (await bring(host, packageResource, [present('helper'), present('ranged'), present('epochal')])).failed,
    null,
  );
  await host.exec(
    'mkdir -p /etc/dnf/protected.d; echo helper >/etc/dnf/protected.d/site.conf; echo "protected_packages = vdsm, ranged" >>/etc/dnf/dnf.conf',
  );
  for (const name of ['helper', 'ranged']) {
    const { failed } = await bring(host, packageResource, [absent(name)]);
    t.is(failed?.trouble, 'protected', name);
  }
  t.is((await bring(host, packageResource, [absent('epochal')])).failed, null);
});

test('a host with 2000 packages is no different', async t => {
  const host = await hostWithSamples(t, { vdsm: '4.50.5' });
  // Only their names matter: so they are put into rpm's database, and nothing on the disk.
  const many = await buildSamples([
    { name: 'many', head: Array.from({ length: 2000 }, (_, i) => subpackage(i)) },
  ]);
  await offer(host, many, 'many');
  await host.exec('cd /srv/repo/many && rpm -i --justdb --nodeps *.rpm');
  t.true((await installed(host)).length > 2000);
  const { failed } = await bring(host, packageResource, [present('needs-new-vdsm')]);
  t.is(failed?.trouble, 'would-change', failed?.stderr);
  const good = await bring(host, packageResource, [{ ...present('ranged'), version: range('<2') }]);
  t.is(good.failed, null, good.failed?.stderr);
  t.deepEqual(asText(good.made), ['install ranged: (none) -> ranged-0:1.1-2.noarch']);
});

function subpackage(i: number): string {
  const name = `a-package-with-quite-a-long-name-as-some-have-${i}`;
  return `%package -n ${name}\nSummary: One of many\n%description -n ${name}\nOne.\n%files -n ${name}\n`;
}
