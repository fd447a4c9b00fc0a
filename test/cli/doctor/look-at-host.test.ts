import test from 'ava';
import { execa } from 'execa';
import { HOST_LOOK, readHost } from '../../../src/cli/doctor/look-at-host.ts';

const NOW = 1_800_000_000;
const LOADED = 'ActiveState=active LoadState=loaded ';
const STOPPED = 'ActiveState=inactive LoadState=loaded ';
const ABSENT = 'ActiveState=inactive LoadState=not-found ';

/** What a healthy hypervisor prints, with some lines otherwise. */
function look(changes: Readonly<Record<string, string | null>> = {}): string {
  const programs = [
    'base64',
    'flock',
    'mktemp',
    'runuser',
    'sha256sum',
    'stat',
    'systemctl',
    'timeout',
    'rpm',
    'dnf',
  ];
  const lines: Record<string, string | null> = {
    ...Object.fromEntries(programs.map(name => [`program\t${name}`, ''])),
    'package\tvdsm': '4.50.7-1.el9',
    'unit\tvdsmd': LOADED,
    'unit\tovirt-engine': ABSENT,
    'unit\tfapolicyd': ABSENT,
    'folder\t/usr/libexec/vdsm/hooks': '755 0',
    'room\t/': '9000000',
    mount: 'rw,relatime',
    clock: String(NOW),
    ...changes,
  };
  return Object.entries(lines)
    .flatMap(([key, value]) => (value === null ? [] : [value === '' ? key : `${key}\t${value}`]))
    .join('\n');
}

function judged(stdout: string): string[] {
  return readHost({ stdout, stderr: '', exitCode: 0 }, NOW).map(
    ({ level, message, hint }) => `${level}: ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

const WELL = 'ok: a hypervisor with VDSM 4.50.7-1.el9';

const CASES: Readonly<
  Record<string, readonly [changes: Readonly<Record<string, string | null>>, said: readonly string[]]>
> = {
  'a healthy hypervisor': [{}, [WELL]],
  'oVirt Node': [{ node: '' }, [`${WELL}, oVirt Node`]],
  'an engine': [
    {
      'package\tvdsm': null,
      'folder\t/usr/libexec/vdsm/hooks': null,
      'package\tovirt-engine': '4.5.7-1.el9',
      'unit\tovirt-engine': LOADED,
      'program\tengine-config': '',
      'program\tcurl': '',
    },
    ['ok: an engine 4.5.7-1.el9'],
  ],
  'an engine that does not run, without its tools': [
    {
      'package\tvdsm': null,
      'folder\t/usr/libexec/vdsm/hooks': null,
      'unit\tovirt-engine': STOPPED,
    },
    [
      'ok: an engine',
      'warning: ovirt-engine does not run | systemctl status ovirt-engine',
      'problem: there is no engine-config on the engine | dnf install ovirt-engine-tools',
      'problem: there is no curl to ask the engine for its health | dnf install curl',
    ],
  ],
  'a plain host with libvirt': [
    {
      'package\tvdsm': null,
      'folder\t/usr/libexec/vdsm/hooks': null,
      'program\tvirsh': '',
    },
    ['ok: a host with libvirt, without VDSM: libvirt_hooks can be kept there'],
  ],
  'a host for which there is nothing to do': [
    { 'package\tvdsm': null, 'folder\t/usr/libexec/vdsm/hooks': null },
    ['warning: neither VDSM nor libvirt nor an engine is on it | Is it in the right group of the inventory?'],
  ],
  'a program that is missing': [
    { 'program\tflock': null },
    [WELL, 'problem: there is no flock | dnf install util-linux'],
  ],
  'no package manager': [
    { 'program\tdnf': null },
    [
      WELL,
      'warning: there is no rpm with dnf or yum: packages and repositories cannot be kept there | libvirt_hooks and hooks of your own (source) can.',
    ],
  ],
  'yum in the place of dnf': [{ 'program\tdnf': null, 'program\tyum': '' }, [WELL]],
  'VDSM that does not run': [
    { 'unit\tvdsmd': STOPPED },
    [WELL, 'warning: vdsmd does not run | systemctl status vdsmd'],
  ],
  'a full disk': [
    { 'room\t/var': '1000' },
    [WELL, 'warning: less than 200 MB are free in /var | Make room, or dnf will fail: df -h /var'],
  ],
  'a folder of programs that nothing may be run from': [
    { mount: 'ro,noexec' },
    [
      WELL,
      'problem: /usr/libexec is mounted noexec: VDSM passes every hook over | mount -o remount,exec /usr',
    ],
  ],
  'VDSM without its folder of hooks': [
    { 'folder\t/usr/libexec/vdsm/hooks': null },
    [WELL, 'problem: there is no /usr/libexec/vdsm/hooks | dnf reinstall vdsm'],
  ],
  fapolicyd: [
    { 'unit\tfapolicyd': LOADED },
    [
      WELL,
      'warning: fapolicyd runs: it may refuse scripts that no package has brought | Pack hooks of your own as RPM, or add rules: fapolicyd-cli --file add',
    ],
  ],
  'a clock that is off': [
    { clock: String(NOW - 61) },
    [WELL, 'warning: its clock is more than a minute off this machine’s | Look at chronyd: chronyc tracking'],
  ],
};

for (const [what, [changes, said]] of Object.entries(CASES)) {
  test(`the doctor says of ${what} what there is to do`, t => {
    t.deepEqual(judged(look(changes)), said);
  });
}

for (const shell of ['dash', 'bash --posix']) {
  test(`under ${shell}, the look ends well and tells of this machine’s own programs and clock`, async t => {
    const { stdout, stderr } = await execa({
      env: { ROOT: '', LC_ALL: 'C' },
      cwd: '/',
    })`${shell.split(' ')} -c ${HOST_LOOK.text}`;
    t.is(stderr, '');
    t.regex(stdout, /^program\tsha256sum$/m);
    t.regex(stdout, /^room\t\/\t\d+$/m);
    t.regex(stdout, /^clock\t\d+$/m);
  });
}
