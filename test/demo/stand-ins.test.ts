import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { lines, type Sh, sh } from '../../src/core/sh.ts';
import { makeDisk } from '../../src/demo/disk.ts';
import { HOOK_PACKAGES } from '../../src/demo/packages.ts';
import { PORTABLE_STAND_INS } from '../../src/demo/stand-ins/portable.ts';
import { makeTools } from '../../src/demo/tools.ts';
import { manifestQuery, readPackages } from '../../src/resources/package/rpm.ts';

const tools = await mkdtemp(join(tmpdir(), 'hookfleet-tools-'));
const path = await makeTools(tools);
test.after.always(() => rm(tools, { recursive: true }));

/** A host of the demo without its server: runs shell text as the server would. */
async function host(t: ExecutionContext, role: 'hypervisor' | 'engine' = 'hypervisor') {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-stand-ins-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const root = join(folder, 'disk');
  await makeDisk(root, role);
  const run = async (...script: readonly Sh[]) => {
    const { stdout, stderr, exitCode } = await execa('/bin/sh', ['-s'], {
      cwd: root,
      env: { ROOT: root, PATH: path, LC_ALL: 'C' },
      extendEnv: false,
      input: lines(script).text,
      reject: false,
    });
    return { stdout, stderr, exitCode: exitCode ?? -1 };
  };
  return { root, run };
}

const INSTALL = sh`dnf --setopt=best=False -y install -- vdsm-hook-localdisk vdsm-hook-vhostmd`;

test('a package that was installed lies on the disk as its manifest says: mode, content, links', async t => {
  const { run } = await host(t);
  t.is((await run(INSTALL)).exitCode, 0);
  const names = ['vdsm-hook-localdisk', 'vdsm-hook-vhostmd', 'vdsm-hook-smbios'];
  const installed = readPackages(await run(manifestQuery(names)));
  t.deepEqual([...installed.keys()], ['vdsm-hook-localdisk', 'vdsm-hook-vhostmd']);
  for (const { name, files } of installed.values()) {
    t.is(files.length, HOOK_PACKAGES.find(one => one.name === name)?.files.length ?? 0);
    for (const { path, type, mode, user, group, digest, linkTarget } of files) {
      const shown = await run(
        sh`QUOTING_STYLE=literal stat --printf='S\t%f\t%U\t%G\t%N\n' -- .${path}; [ -h .${path} ] || sha256sum -- .${path}`,
      );
      const bits = (type === 'link' ? 0o120000 : 0o100000) + mode;
      t.is(
        shown.stdout,
        `S\t${bits.toString(16)}\t${user}\t${group}\t.${path}${linkTarget && ` -> ${linkTarget}`}${digest && `\n${digest}  .${path}`}`,
      );
    }
  }
});

test('reinstall brings back what is missing or was edited, of the very version alone', async t => {
  const { run } = await host(t);
  const script = sh`./usr/libexec/vdsm/hooks/after_disk_prepare/localdisk`;
  await run(
    INSTALL,
    sh`rm ${script}; ln -s /nowhere ${script}; echo x >>./etc/sudoers.d/50_vdsm_hook_localdisk`,
  );
  const other = await run(sh`dnf -y reinstall -- vdsm-hook-localdisk-0:4.50.6-1.el9.noarch`);
  t.is(other.exitCode, 1);
  const again = await run(sh`dnf -y reinstall -- vdsm-hook-localdisk-0:4.50.7-1.el9.noarch
[ -x ${script} ] && [ ! -h ${script} ] && ! grep -x x ./etc/sudoers.d/50_vdsm_hook_localdisk`);
  t.is(again.exitCode, 0, again.stderr);
});

test('remove takes the files away, and rpm tells beforehand what needs a package', async t => {
  const { run } = await host(t);
  await run(INSTALL);
  const needed = await run(sh`rpm -e --test -- vdsm`);
  t.is(needed.exitCode, 1);
  t.regex(needed.stderr, /vdsm is needed by \(installed\) vdsm-hook-localdisk/);
  const gone = await run(sh`rpm -e --test -- vdsm-hook-vhostmd && dnf -y remove -- vdsm-hook-vhostmd
rpm -q --qf '%{NAME}' -- vdsm-hook-vhostmd; find . -name '*vhostmd*'; rpm -qa --qf '%{NAME}\n'`);
  t.is(gone.stdout, 'Complete!\npackage vdsm-hook-vhostmd is not installed\nvdsm\nvdsm-hook-localdisk');
});

test('a package that the repository has not is told in the words of dnf, and nothing is installed', async t => {
  const { run } = await host(t);
  const { stderr, exitCode } = await run(sh`dnf -y install -- vdsm-hook-smbios vdsm-hook-macspoof`);
  t.is(exitCode, 1);
  t.is(stderr, 'Error: Unable to find a match: vdsm-hook-macspoof');
  t.is((await run(sh`rpm -qa --qf '%{NAME}\n'`)).stdout, 'vdsm');
});

test('rpm names the owner of a path, and tells a path of no package from one that is not there', async t => {
  const { run } = await host(t);
  const { stdout, stderr, exitCode } = await run(sh`: >./etc/mine
rpm -qf --qf '[W\t%{=NAME}\t%{FILENAMES}\n]' -- /usr/lib/systemd/system/vdsmd.service /etc/mine /etc/none`);
  t.is(exitCode, 1);
  t.is(stdout, 'W\tvdsm\t/usr/lib/systemd/system/vdsmd.service\nfile /etc/mine is not owned by any package');
  t.is(stderr, 'error: file /etc/none: No such file or directory');
});

test('stat shows what whoever runs the demo owns as root, and set-id bits and types as they are', async t => {
  const { run, root } = await host(t);
  await mkdir(join(root, 'some'));
  await writeFile(join(root, 'some/a file'), '');
  const show = sh`stat --printf='S\t%f\t%U\t%G\t%N\n' --`;
  const { stdout } = await run(sh`cd some
chmod 6755 'a file'; ${show} 'a file'
chmod 1640 'a file'; ${show} 'a file'
chmod 4600 'a file'; ${show} 'a file'
chmod 1777 .; ${show} .`);
  const modes = stdout.split('\n').map(line => line.split('\t')[1]);
  t.deepEqual(modes, ['8ded', '83a0', '8980', '43ff']);
  t.true(stdout.split('\n').every(line => line.includes('\troot\troot\t')));
  t.true(stdout.includes('\ta file\n'));
});

test('the engine keeps its values by key and level, and is not well right after a start', async t => {
  const { run } = await host(t, 'engine');
  const { stdout, exitCode } = await run(sh`engine-config -s 'UserDefinedVMProperties=a=^b c$;d=' --cver=4.8
engine-config -g UserDefinedVMProperties --cver=4.8
engine-config -g UserDefinedVMProperties
engine-config -g UserDefinedVMProperties --cver=4.1
health() { curl -q -s -w '\n%{http_code}' --url http://localhost/ovirt-engine/services/health | tail -n 1; echo; }
health; systemctl restart ovirt-engine; health; health; systemctl stop ovirt-engine; health`);
  t.is(exitCode, 0);
  t.deepEqual(stdout.split('\n'), [
    'a=^b c$;d=',
    'UserDefinedVMProperties: rack=^[0-9]+$ version: 4.7',
    'UserDefinedVMProperties: a=^b c$;d= version: 4.8',
    "Error fetching UserDefinedVMProperties value: no such entry with version '4.1'.",
    ...['200', '503', '200', '000'],
  ]);
});

test('systemctl shows units in the order asked, also one that is not there, and changes them', async t => {
  const { run } = await host(t);
  const show = sh`systemctl show -p LoadState -p ActiveState -p UnitFileState -- vdsmd.service nothing`;
  const { stdout } = await run(sh`systemctl stop vdsmd; systemctl disable -- vdsmd; ${show}`);
  t.is(
    stdout,
    'LoadState=loaded\nActiveState=inactive\nUnitFileState=disabled\n\nLoadState=not-found\nActiveState=inactive\nUnitFileState=',
  );
});

for (const script of [
  sh`rpm -V -- vdsm`,
  sh`rpm -q --qf '%{PUBKEYS}' -- vdsm`,
  sh`rpm --import key`,
  sh`dnf -y upgrade -- vdsm`,
  sh`dnf install -- vdsm-hook-smbios`,
  sh`dnf -y --enablerepo=x install -- vdsm-hook-smbios`,
  sh`systemctl mask -- vdsmd`,
  sh`systemctl --user start vdsmd`,
  sh`engine-config -m UserDefinedVMProperties=a=b --cver=4.8`,
  sh`engine-config -s UserDefinedVMProperties=a=b`,
  sh`curl -o file http://localhost/ovirt-engine/services/health`,
  sh`stat -c %i -- ./etc`,
  sh`chown vdsm:kvm -- ./etc`,
  sh`id -un`,
  sh`runuser -u nobody -- id`,
  sh`timeout 5 id`,
  sh`locale -a`,
]) {
  test(`what a stand-in does not understand it refuses: ${script.text}`, async t => {
    const { run } = await host(t);
    const { stderr, exitCode } = await run(script);
    t.is(exitCode, 99, stderr);
    t.regex(stderr, /of the demo (does not|knows)/);
  });
}

/** Runs shell text with a stand-in, and with this machine's own program. */
async function both(t: ExecutionContext, name: string, script: Sh) {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-portable-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', name), PORTABLE_STAND_INS[name]?.script.text ?? '', { mode: 0o755 });
  const results = [];
  for (const bin of [join(folder, 'bin'), '/nowhere']) {
    const cwd = await mkdtemp(join(folder, 'run-'));
    const { stdout, exitCode } = await execa('/bin/sh', ['-s'], {
      cwd,
      env: { PATH: `${bin}:/usr/bin:/bin` },
      input: script.text,
      reject: false,
    });
    results.push({ stdout, exitCode });
  }
  return results;
}

const SAME: readonly (readonly [string, Sh])[] = [
  ['base64', sh`head -c 5000 /bin/sh | base64 -w 0; printf '' | base64 -w 0`],
  ['base64', sh`head -c 5000 /bin/sh >a; base64 -w 0 <a | base64 -d | cmp - a && printf eAo= | base64 -d`],
  ['sha256sum', sh`echo x >'./a b'; sha256sum -- './a b'; sha256sum -- ./none`],
  ['mv', sh`echo x >a; mkdir -p f; ln -s f l; mv -fT -- a l; cat l; ls f; [ ! -h l ]`],
  ['mv', sh`echo x >a; mkdir f; mv -fT a f; echo $?; ls f; mv -f a b; cat b`],
  [
    'flock',
    sh`exec 9<>lock; flock -E 75 -w 5 9; echo $?; (exec 9>&-; exec 9<>lock; flock -E 75 -w 1 9; echo $?)
exec 9>&-; exec 9<>lock; flock -E 75 -w 1 9; echo $?`,
  ],
];

// These programs are GNU's and util-linux's: on another system there is nothing to hold the stand-ins against.
if (process.platform === 'linux') {
  for (const [name, script] of SAME) {
    test(`the ${name} for macOS does as the one of Linux does: ${script.text.slice(0, 40)}`, async t => {
      const [standIn, own] = await both(t, name, script);
      t.deepEqual(standIn, own);
      t.not(standIn?.stdout, '');
    });
  }
}
