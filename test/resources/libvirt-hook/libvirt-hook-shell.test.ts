/** The shell text by which a host is asked about its libvirt, where no host of the lab is of that kind. */
import test, { type ExecutionContext } from 'ava';
import { lines, sh } from '../../../src/core/sh.ts';
import { DAEMON } from '../../../src/resources/libvirt-hook/libvirt-hook-daemons.ts';
import { OWNER_OF } from '../../../src/resources/libvirt-hook/libvirt-hook-owner.ts';
import { inRoot } from '../in-root.ts';

const ASK = lines([DAEMON, sh`daemon virtqemud; printf '%s|%s|%s\n' "$pid" "$looked" "$identity"`]);

const STARTED = Date.UTC(2026, 10, 20, 10, 0, 0) / 1000;

const unit = (more: Readonly<Record<string, string | number>>) => ({
  files: { 'run/systemd/system/.keep': '' },
  programs: {
    systemctl: `cat <<'END'\n${Object.entries({
      MainPID: 38,
      ExecMainStartTimestamp: 'Fri 2026-11-20 10:00:00 UTC',
      ExecMainStartTimestampMonotonic: 1000,
      ActiveEnterTimestampMonotonic: 2000,
      StateChangeTimestamp: 'Fri 2026-11-20 10:00:01 UTC',
      StateChangeTimestampMonotonic: 2000,
      ReloadResult: 'success',
      ...more,
    })
      .map(([key, value]) => `${key}=${value}`)
      .join('\n')}\nEND`,
  },
});

const RELOADED = {
  StateChangeTimestamp: 'Fri 2026-11-20 11:00:00 UTC',
  StateChangeTimestampMonotonic: 9000,
};

for (const [title, more, looked, identity] of [
  ['a daemon looks when it starts', {}, STARTED, '38/1000/2000'],
  ['a daemon looks when it is reloaded', RELOADED, STARTED + 3600, '38/1000/9000'],
  ['a reload that failed tells nothing', { ...RELOADED, ReloadResult: 'exit-code' }, STARTED, '38/1000/9000'],
  ['a systemd that tells nothing of reloads', { ...RELOADED, ReloadResult: '' }, STARTED, '38/1000/9000'],
] as const) {
  test(title, async t => {
    const { stdout } = await inRoot(t, ASK, unit(more));
    t.is(stdout, `38|${looked}|${identity}`);
  });
}

test('a daemon that does not run', async t => {
  const { stdout } = await inRoot(t, ASK, unit({ MainPID: 0, ExecMainStartTimestamp: '' }));
  t.is(stdout, '|0|');
});

const PROC = {
  'run/virtqemud.pid': '38\n',
  'proc/stat': 'cpu 1 2 3\nbtime 1000\n',
  'proc/38/stat': `38 (virtqemud) S ${Array.from({ length: 18 }, (_, i) => i).join(' ')} 500 7\n`,
};

test('without systemd the process tells', async t => {
  const files = { ...PROC, 'proc/38/comm': 'virtqemud\n' };
  const { stdout } = await inRoot(t, ASK, { files, programs: { getconf: 'echo 100' } });
  t.is(stdout, '38|1005|38/500');
});

test('without systemd a number that another process has by now is no daemon', async t => {
  const files = { ...PROC, 'proc/38/comm': 'cron\n' };
  t.is((await inRoot(t, ASK, { files })).stdout, '|0|');
});

const RPM_NONE = 'echo "file $5 is not owned by any package"; exit 1';
const DPKG_NONE = 'echo "dpkg-query: no path found matching pattern $3" >&2; exit 1';
const DPKG = { 'var/lib/dpkg/status': '' };

async function ownerOf(t: ExecutionContext, path: string, about: Parameters<typeof inRoot>[2]) {
  const script = lines([OWNER_OF, sh`if owner_of ${path}; then echo "owner=$owner"; else echo unknown; fi`]);
  return (await inRoot(t, script, about)).stdout;
}

for (const [title, path, programs, files, said] of [
  ['rpm knows the package', '/a', { rpm: 'echo vdsm' }, {}, 'owner=vdsm'],
  ['rpm warns besides', '/a', { rpm: 'echo "warning: x" >&2; echo vdsm' }, {}, 'owner=vdsm'],
  ['rpm knows that none has it', '/a', { rpm: RPM_NONE }, {}, 'owner='],
  ['rpm is broken', '/a', { rpm: 'echo "error: rpmdb: damaged" >&2; exit 1' }, {}, 'unknown'],
  [
    'dpkg knows the package',
    '/a',
    { rpm: RPM_NONE, 'dpkg-query': 'echo "libvirt: $3"' },
    DPKG,
    'owner=libvirt',
  ],
  ['both know that none has it', '/a', { rpm: RPM_NONE, 'dpkg-query': DPKG_NONE }, DPKG, 'owner='],
  ['dpkg is broken', '/a', { rpm: RPM_NONE, 'dpkg-query': 'exit 2' }, DPKG, 'unknown'],
  ['to dpkg the path is a pattern', '/a[1]', { rpm: RPM_NONE, 'dpkg-query': DPKG_NONE }, DPKG, 'unknown'],
  ['to dpkg the path is an escape', '/a\\b', { rpm: RPM_NONE, 'dpkg-query': DPKG_NONE }, DPKG, 'unknown'],
] as const) {
  test(`whose file it is: ${title}`, async t => {
    t.is(await ownerOf(t, path, { programs, files }), said);
  });
}
