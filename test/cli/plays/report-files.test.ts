import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openReportFiles } from '../../../src/cli/plays/report-files.ts';
import { setUp } from '../program.ts';

const CHECK = ['check', 'site.yml', '-i', 'hosts.ini', '--connect-tries', '1'];
const ALL = ['--junit', 'fleet.xml', '--metrics', 'fleet.prom', '--html', 'fleet.html'];

test('one run writes all reports, also where it failed, and leaves nothing else behind', async t => {
  const { run, folder } = await setUp(t);
  const { exitCode, stderr } = await run(...CHECK, '--no-record', ...ALL);
  t.is(exitCode, 4);
  t.notRegex(stderr, /report/);
  t.deepEqual((await readdir(folder)).sort(), [
    'fleet.html',
    'fleet.prom',
    'fleet.xml',
    'hosts.ini',
    'site.yml',
  ]);
  t.regex(await readFile(join(folder, 'fleet.xml'), 'utf8'), /<error type="[^"]*" message="unreachable: /);
  const metrics = await readFile(join(folder, 'fleet.prom'), 'utf8');
  t.true(
    metrics.includes(
      `hookfleet_host_reachable{playbook="${folder}/site.yml",command="check",host="kvm-01"} 0\n`,
    ),
  );
  t.true(
    metrics.includes('resource="vdsm-hook",name="diskunmap",state="unknown"} 1\n'),
    'what was wanted is known',
  );
  t.regex(await readFile(join(folder, 'fleet.html'), 'utf8'), /<a href="#what-1">kvm-01<\/a>/);
});

test('a report that cannot be written is an error before any host is contacted', async t => {
  const { run, write, folder, knocks } = await setUp(t);
  await mkdir(join(folder, 'folder'));
  await write('plain', '');
  const bad = await run(
    ...CHECK,
    ...['--junit', 'nowhere/fleet.xml', '--metrics', 'folder', '--html', 'plain/fleet.html'],
  );
  t.is(bad.exitCode, 2);
  t.is(bad.stdout, '');
  t.regex(bad.stderr, /nowhere\/fleet\.xml: The file of --junit cannot be written: ENOENT/);
  t.regex(bad.stderr, /folder: The file of --metrics cannot be written: it is a folder/);
  t.regex(bad.stderr, /plain\/fleet\.html: The file of --html cannot be written: ENOTDIR/);
  const same = await run(...CHECK, '--junit', 'fleet', '--html', './fleet');
  t.is(same.exitCode, 2);
  t.regex(same.stderr, /--junit and --html name the same file/);
  t.is(knocks(), 0);
  t.false((await readdir(folder)).some(name => name.includes('fleet')));
});

test('a file that is there is replaced with its mode, behind a link too, and a device is written to', async t => {
  const { run, folder } = await setUp(t);
  await mkdir(join(folder, 'collected'));
  await writeFile(join(folder, 'collected/fleet.prom'), 'old\n');
  await chmod(join(folder, 'collected/fleet.prom'), 0o640);
  await symlink('collected/fleet.prom', join(folder, 'link.prom'));
  await run(...CHECK, '--metrics', 'link.prom', '--junit', '/dev/null');
  t.regex(await readFile(join(folder, 'collected/fleet.prom'), 'utf8'), /^# HELP hookfleet_/);
  t.is((await stat(join(folder, 'collected/fleet.prom'))).mode & 0o777, 0o640);
  t.deepEqual(await readdir(join(folder, 'collected')), ['fleet.prom']);
});

test('the reports can stand in the settings, beside which their files lie', async t => {
  const { run, write, folder } = await setUp(t);
  await write('hookfleet.cfg', '[defaults]\nhtml = wall/fleet.html\n');
  await mkdir(join(folder, 'wall'));
  await run(...CHECK);
  t.deepEqual(await readdir(join(folder, 'wall')), ['fleet.html']);
});

test('the page tells what is otherwise than in the run before, by the record', async t => {
  const { run, write, folder } = await setUp(t);
  const page = async () => readFile(join(folder, 'fleet.html'), 'utf8');
  await run(...CHECK, '--html', 'fleet.html');
  t.notRegex(await page(), /Since the run before/);
  await run(...CHECK, '--html', 'fleet.html');
  t.regex(await page(), /Since the run before[\s\S]*: nothing is otherwise\./);
  await write('hosts.ini', '[hypervisors]\nkvm-01 ansible_host=127.0.0.1 ansible_port=1\n');
  await run(...CHECK, '--html', 'fleet.html', '--no-record');
  t.notRegex(await page(), /Since the run before/);
});

async function openIn(folder: string) {
  return openReportFiles({
    command: { name: 'check', words: ['site.yml'] },
    plays: [],
    inventory: { hosts: new Map(), groups: new Map(), warnings: [] },
    options: { inventory: [], record: false, junit: join(folder, 'fleet.xml') },
  });
}

const RESULT = {
  command: 'check',
  hosts: new Map([['kvm-01', { outcome: 'ok' as const, changes: [], error: null, notes: [], ms: 1 }]]),
  stopped: null,
  interrupted: false,
};

test('where hookfleet itself fails, what the run has come to is reported, and once', async t => {
  const { folder } = await setUp(t);
  const reports = await openIn(folder);
  t.deepEqual(await reports.close(), [], 'nothing was run yet');
  reports.listen({ type: 'run-finished', result: RESULT });
  t.deepEqual(await reports.close(), []);
  t.regex(await readFile(join(folder, 'fleet.xml'), 'utf8'), /<testsuite name="kvm-01"/);
  await rm(join(folder, 'fleet.xml'));
  t.deepEqual(await reports.close(), []);
  t.false((await readdir(folder)).includes('fleet.xml'));
});

test('what can no longer be written at the end is a warning, with its reason', async t => {
  const { folder } = await setUp(t);
  await mkdir(join(folder, 'gone'));
  const reports = await openIn(join(folder, 'gone'));
  await rm(join(folder, 'gone'), { recursive: true });
  const [warning, ...others] = await reports.write(RESULT, 0);
  t.regex(warning ?? '', /^warning: the report \S+gone\/fleet\.xml cannot be written: ENOENT/);
  t.deepEqual(others, []);
});
