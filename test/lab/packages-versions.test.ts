import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { bind } from '../../src/resources/bound.ts';
import { type PackageWanted, packageResource } from '../../src/resources/package/package.ts';
import { type RpmFile, readRpm } from '../../src/resources/package/rpm-header.ts';
import { compareVersions } from '../../src/resources/package/rpm-version.ts';
import { parseRange, placeInRange, type VersionRange } from '../../src/resources/package/version-range.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { asText, bring, look } from './on-host.ts';
import { SAMPLES } from './package-samples.ts';
import { buildSamples, offer } from './sample-rpm.ts';

let samples = '';

test.before(async () => {
  samples = await buildSamples(SAMPLES);
});

async function hostWithSamples(t: ExecutionContext): Promise<LabHost> {
  const host = await boot(t, { vdsm: '4.50.5' });
  await offer(host, samples);
  return host;
}

const ranged = (more: Partial<PackageWanted> = {}): readonly PackageWanted[] => [
  { name: 'ranged', state: 'present', ...more },
];

function range(text: string): VersionRange {
  const parsed = parseRange(text);
  if ('fault' in parsed) {
    throw new Error(parsed.fault);
  }
  return parsed;
}

async function version(host: LabHost, name = 'ranged'): Promise<string> {
  return (await host.exec(`rpm -q --qf '%{EVR}' ${name}`)).stdout;
}

async function rpmFile(file: string): Promise<RpmFile> {
  const read = readRpm(file, await readFile(file));
  if ('fault' in read) {
    throw new Error(read.fault);
  }
  return read;
}

test('versions are compared as rpm itself compares them, for any text', async t => {
  const text = fc.string({ unit: fc.constantFrom(...'0019abzAZ.~^_+'), maxLength: 9 });
  const pairs = fc.sample(fc.tuple(text, text), { numRuns: 5000, seed: 7 });
  // Halves in common are what finds the differences.
  const cases = [...pairs, ...pairs.map(([a, b]) => [a, `${a}${b}`] as const)];
  const lua = `%{lua:for line in io.lines() do
    local blank = string.find(line, " ", 1, true)
    io.write(rpm.vercmp("x" .. string.sub(line, 1, blank - 1), "x" .. string.sub(line, blank + 1)) .. string.char(10))
  end}`;
  const { stdout } = await execa('rpm', ['--eval', lua], {
    input: cases.map(([a, b]) => `${a} ${b}\n`).join(''),
  });
  const answers = stdout.trim().split('\n').map(Number);
  t.is(answers.length, cases.length);
  t.true([-1, 0, 1].every(order => answers.includes(order)));
  const different = cases.filter(([a, b], i) => Math.sign(compareVersions(`x${a}`, `x${b}`)) !== answers[i]);
  t.deepEqual(different, []);
});

test('a bound holds for the same versions here, and in dnf', async t => {
  const host = await hostWithSamples(t);
  const offered = (
    await host.exec("dnf -q repoquery --showduplicates --qf '%{epoch}:%{version}-%{release}' ranged")
  ).stdout
    .trim()
    .split('\n');
  t.is(offered.length, 7);
  for (const operator of ['=', '>=', '<=', '>', '<'] as const) {
    for (const evr of ['1.1', '1.1-1', '1.1-2', '2.0', '2.0~rc1', '2.0^git1', '2.1', '0:2.0-1', '1:0.1']) {
      const query = `dnf -q -C repoquery --showduplicates --qf '%{epoch}:%{version}-%{release}' --whatprovides 'ranged ${operator} ${evr}'`;
      const byDnf = (await host.exec(query)).stdout.trim().split('\n').filter(Boolean);
      const here = offered.filter(one => placeInRange(one, range(`${operator}${evr}`)) === 'in');
      t.deepEqual(here.sort(), byDnf.sort(), `${operator}${evr}`);
    }
  }
});

test('the newest version in the range is taken, an older one is upgraded, one in the range is left', async t => {
  const host = await hostWithSamples(t);
  const steps: readonly (readonly [text: string, version: string, changes: number])[] = [
    ['<1.1-2', '1.1-1', 1],
    ['=1.1', '1.1-1', 0],
    ['>=1.0 <2.0~', '1.1-1', 0],
    ['>1.1-1 <2.0~', '1.1-2', 1],
    ['>1.1 <2.0', '2.0~rc1-1', 1],
    ['=0:2.0-1', '2.0-1', 1],
    ['>2.0 <2.1', '2.0^git1-1', 1],
    ['>=2.9', '2.10-1', 1],
  ];
  for (const [text, evr, changes] of steps) {
    const { made, failed, left } = await bring(host, packageResource, ranged({ version: range(text) }));
    t.is(failed, null, failed?.stderr);
    t.is(await version(host), evr, text);
    t.is(made.length, changes, text);
    t.deepEqual(left.changes, []);
  }
});

test('epochs count', async t => {
  const host = await hostWithSamples(t);
  const epochal = (text?: string): readonly PackageWanted[] => [
    { name: 'epochal', state: 'present', ...(text ? { version: range(text) } : {}) },
  ];
  t.is((await bring(host, packageResource, epochal('<6'))).failed, null);
  t.is(await version(host, 'epochal'), '5.0-1');
  t.is((await bring(host, packageResource, epochal('>=1:1'))).failed, null);
  t.is(await version(host, 'epochal'), '1:1.0-1');
});

test('a downgrade is shown, and made only where the playbook allows it', async t => {
  const host = await hostWithSamples(t);
  t.is((await bring(host, packageResource, ranged())).failed, null);
  t.is(await version(host), '2.10-1');
  const older = { version: range('>=1.0 <2.0~') };
  const refused = await bring(host, packageResource, ranged(older));
  t.deepEqual(refused.planned.changes, []);
  t.deepEqual(asText(refused.planned.blocked.map(({ change }) => change)), [
    'downgrade ranged: ranged-0:2.10-1.noarch -> ranged >=1.0 <2.0~',
  ]);
  t.regex(refused.planned.blocked[0]?.hint ?? '', /allow_downgrade: true/);
  t.is(await version(host), '2.10-1');
  const { made, left } = await bring(host, packageResource, ranged({ ...older, allowDowngrade: true }));
  t.deepEqual(asText(made), ['downgrade ranged: ranged-0:2.10-1.noarch -> ranged-0:1.1-2.noarch']);
  t.deepEqual([...left.changes, ...left.blocked], []);
});

test('a range that no version is in is told with what there is', async t => {
  const host = await hostWithSamples(t);
  for (const options of [{}, { allowDowngrade: true }]) {
    const { failed } = await bring(host, packageResource, ranged({ version: range('>=3 <4'), ...options }));
    t.is(failed?.trouble, 'no-version');
    t.is(
      failed?.message,
      'No enabled repository of this host has ranged >=3 <4; there is 1.0-1 1.1-1 1.1-2 2.0~rc1-1 2.0-1 2.0^git1-1 2.10-1',
    );
  }
  const none = await bring(host, packageResource, [
    { name: 'nosuch', state: 'present', version: range('>1') },
  ]);
  t.is(none.failed?.trouble, 'no-package');
});

test('the latest is what the host’s own metadata have: without any, apply asks; a second apply has nothing to do', async t => {
  const host = await hostWithSamples(t);
  const latest: readonly PackageWanted[] = [{ name: 'ranged', state: 'latest' }];
  t.is((await bring(host, packageResource, ranged({ version: range('=2.0') }))).failed, null);
  await host.exec('rm -rf /var/cache/dnf');
  const blind = await look(host, bind(packageResource, latest));
  t.deepEqual(asText(blind.changes), ['upgrade ranged: ranged-0:2.0-1.noarch -> ranged (latest)']);
  t.regex(blind.notes.join(), /no metadata of its repositories yet/);
  const first = await bring(host, packageResource, latest);
  t.deepEqual(asText(first.made), ['upgrade ranged: ranged-0:2.0-1.noarch -> ranged-0:2.10-1.noarch']);
  t.deepEqual([...first.left.changes, ...first.left.notes], []);
  await host.exec('rm -rf /var/cache/dnf');
  const again = await bring(host, packageResource, latest);
  t.deepEqual(again.made, [], 'asked, and nothing newer found: nothing was changed');
  t.deepEqual(again.left.changes, []);
});

test('the latest is looked for without the network, and never more than what can come in alone', async t => {
  const host = await hostWithSamples(t);
  const wanted = (state: 'present' | 'latest'): readonly PackageWanted[] => [
    { name: 'vdsm-hook-localdisk', state },
    { name: 'ranged', state },
  ];
  t.is((await bring(host, packageResource, wanted('present'))).failed, null);
  await host.exec('mv /srv/repo /srv/far-away');
  const plan = await look(host, bind(packageResource, wanted('latest')));
  t.deepEqual(plan.changes, []);
  t.deepEqual(plan.notes, [
    'There is a newer vdsm-hook-localdisk, which would change other packages of this host: left as it is',
  ]);
  t.deepEqual((await host.exec('ls /run | grep hookfleet || echo none')).stdout, 'none\n');
});

test('the name and version of every RPM of the lab are read as rpm reads them', async t => {
  const host = await hostWithSamples(t);
  const folders = ['srv/repo/lab', 'srv/repo/site', 'srv/repo/extra', 'srv/signed/signed'];
  for (const folder of folders.map(one => join(host.root, one))) {
    for (const file of (await readdir(folder)).filter(name => name.endsWith('.rpm'))) {
      const rpm = await rpmFile(join(folder, file));
      const format = '%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH}';
      const { stdout } = await execa('rpm', ['-qp', '--nosignature', '--qf', format, join(folder, file)]);
      t.is(`${rpm.name} ${rpm.evr} ${rpm.arch}`, stdout);
    }
  }
});

test('an RPM from beside the playbook comes in, its signature checked, its dependencies from the repositories', async t => {
  const host = await hostWithSamples(t);
  const signed = (folder: string) => join(host.root, `srv/signed/${folder}`);
  const rpm = await rpmFile(join(signed('signed'), 'vdsm-hook-sitelog-1.0-1.noarch.rpm'));
  const next = await rpmFile(join(signed('signed-next'), 'vdsm-hook-sitelog-1.1-1.noarch.rpm'));
  const wanted = (file: RpmFile, more: Partial<PackageWanted> = {}): readonly PackageWanted[] => [
    { name: file.name, state: 'present', rpm: file, ...more },
  ];
  const stranger = await bring(host, packageResource, wanted(rpm));
  t.is(stranger.failed?.trouble, 'key-missing', stranger.failed?.stderr);
  await host.exec('rpm --import /srv/signed/good.asc');
  const first = await bring(host, packageResource, wanted(rpm));
  t.is(first.failed, null, first.failed?.stderr);
  t.is(asText(first.made)[0], 'install vdsm-hook-sitelog: (none) -> vdsm-hook-sitelog-0:1.0-1.noarch');
  t.deepEqual(first.left.changes, []);
  const newer = await bring(host, packageResource, wanted(next));
  t.deepEqual(asText(newer.made), [
    'upgrade vdsm-hook-sitelog: vdsm-hook-sitelog-0:1.0-1.noarch -> vdsm-hook-sitelog-0:1.1-1.noarch',
  ]);
  t.is((await bring(host, packageResource, wanted(rpm))).planned.blocked.length, 1);
  const back = await bring(host, packageResource, wanted(rpm, { allowDowngrade: true }));
  t.is(back.failed, null, back.failed?.stderr);
  t.is(await version(host, 'vdsm-hook-sitelog'), '1.0-1');
  const unsigned = await rpmFile(join(samples, 'ranged-1.0-1.noarch.rpm'));
  const refused = await bring(host, packageResource, wanted(unsigned));
  t.is(refused.failed?.trouble, 'unsigned');
  t.is((await host.exec('ls /run | grep hookfleet || echo none')).stdout, 'none\n');
});

test('an RPM for another architecture is refused as such, and one that would change vdsm too', async t => {
  const host = await hostWithSamples(t);
  await writeFile(join(host.root, 'etc/dnf/dnf.conf'), '[main]\ngpgcheck=0\n');
  const push = async (file: string) => {
    const rpm = await rpmFile(join(samples, file));
    return bring(host, packageResource, [{ name: rpm.name, state: 'present', rpm }]);
  };
  const foreign = await push('elsewhere-1-1.aarch64.rpm');
  t.is(foreign.failed?.trouble, 'architecture', foreign.failed?.stderr);
  const greedy = await push('needs-new-vdsm-1-1.noarch.rpm');
  t.is(greedy.failed?.trouble, 'would-change', greedy.failed?.stderr);
  t.is(await version(host, 'vdsm'), '4.50.5-1');
});
