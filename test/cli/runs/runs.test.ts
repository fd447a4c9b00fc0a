import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { BIN, setUp } from '../program.ts';

const CHECK = ['check', 'site.yml', '-i', 'hosts.ini', '--connect-tries', '1'];
const RUNS = '.local/state/hookfleet/runs';

/** Runs the program with more in its environment. */
async function runWith(folder: string, env: Record<string, string>, ...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { HOME: folder, SSH_AUTH_SOCK: undefined, NO_COLOR: '1', XDG_STATE_HOME: '', ...env },
    reject: false,
    stdin: 'ignore',
  });
  return { stdout, stderr, exitCode };
}

/** An inventory of so many hosts that refuse the connection. */
function refusing(count: number): string {
  const names = Array.from({ length: count }, (_, i) => `kvm-${String(i + 1).padStart(2, '0')}`);
  return `[hypervisors]\n${names.map(name => `${name} ansible_host=127.0.0.1 ansible_port=1\n`).join('')}`;
}

async function idsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).map(name => name.replace('.jsonl', '')).sort();
}

test('every run is recorded: what was asked, by whom, and what came of it', async t => {
  const { run, folder } = await setUp(t);
  const checked = await run(...CHECK);
  t.is(checked.exitCode, 4);
  t.is((await run('install', 'nestedvt', '-i', 'hosts.ini', '--connect-tries', '1')).exitCode, 4);
  const [id = '', second = ''] = await idsIn(join(folder, RUNS));
  t.regex(id, /^\d{8}T\d{6}Z-[0-9a-f]{4}$/);

  const list = await run('runs');
  t.is(list.exitCode, 0);
  const lines = list.stdout.split('\n');
  t.is(lines.length, 3);
  t.regex(lines[1] ?? '', new RegExp(`^${second} .*install nestedvt .*1 host: 1 unreachable$`));
  t.regex(lines[2] ?? '', new RegExp(`^${id} .*check site\\.yml .*1 host: 1 unreachable$`));

  const shown = await run('runs', 'show', id);
  t.is(shown.exitCode, 0);
  const [first, by, empty, ...summary] = shown.stdout.split('\n');
  t.is(first, `${id}: hookfleet ${CHECK.join(' ')}`);
  t.regex(by ?? '', /^by \S+@\S+, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, took \d+\.\d s, exit code 4$/);
  t.is(empty, '');
  t.is(summary.join('\n'), checked.stdout, 'the summary of the run itself');

  const document = JSON.parse((await run('runs', 'show', id, '--json')).stdout);
  t.like(document, { command: 'check', exitCode: 4, totals: { unreachable: 1, ok: 0 } });
  t.is(document.hosts['kvm-01'].outcome, 'unreachable');
  t.like(document.run, { id, state: 'ended', folder, words: ['site.yml'], typed: CHECK });
  t.is(document.run.playbook.file, join(folder, 'site.yml'));
  t.regex(document.run.playbook.sha256, /^[0-9a-f]{64}$/);
  t.deepEqual(document.run.inventory, [join(folder, 'hosts.ini')]);
});

test('the record lies where --record, the setting or XDG_STATE_HOME says, and nowhere with none', async t => {
  const { folder } = await setUp(t);
  await runWith(folder, {}, ...CHECK, '--record', 'named');
  await runWith(folder, { HOOKFLEET_RECORD: 'set' }, ...CHECK);
  await runWith(folder, { XDG_STATE_HOME: join(folder, 'xdg') }, ...CHECK);
  for (const place of ['named', 'set', 'xdg/hookfleet/runs']) {
    t.is((await idsIn(join(folder, place))).length, 1, place);
  }
  await runWith(folder, { HOOKFLEET_RECORD: 'none' }, ...CHECK);
  await runWith(folder, { HOOKFLEET_RECORD: 'set' }, ...CHECK, '--no-record');
  t.is((await idsIn(join(folder, 'set'))).length, 1);
  await t.throwsAsync(readdir(join(folder, RUNS)), { code: 'ENOENT' });
  const { stdout } = await runWith(folder, { HOOKFLEET_RECORD: 'set' }, 'runs', '--json');
  t.is(JSON.parse(stdout).runs.length, 1, 'runs looks where records are kept');
  const empty = await runWith(folder, { XDG_STATE_HOME: 'relative' }, 'runs');
  t.is(empty.stdout, '');
  t.is(empty.stderr, `No run is recorded in ${join(folder, RUNS)}`);
});

test('a folder that cannot be written to is a warning at the beginning and at the end, and the run goes on', async t => {
  const { run, folder } = await setUp(t);
  await writeFile(join(folder, 'file'), '');
  const { exitCode, stdout, stderr } = await run(...CHECK, '--record', 'file/runs', '--json');
  t.is(exitCode, 4);
  t.is(JSON.parse(stdout).totals.unreachable, 1);
  const warnings = stderr.split('\n').filter(line => line.startsWith('warning: the record of this run'));
  t.is(warnings.length, 2, stderr);
  t.regex(warnings[0] ?? '', /cannot be made: .*(ENOTDIR|EEXIST)/);
});

test('--rerun takes the hosts of an earlier run that came out so', async t => {
  const { run, folder, write } = await setUp(t);
  await write('hosts.ini', refusing(3));
  await run(...CHECK, '-l', 'kvm-01,kvm-03');
  const [first = ''] = await idsIn(join(folder, RUNS));
  const again = await run(...CHECK, '--rerun', 'failed,unreachable', '--json');
  t.is(again.exitCode, 4);
  t.deepEqual(Object.keys(JSON.parse(again.stdout).hosts), ['kvm-01', 'kvm-03']);
  t.regex(
    again.stderr,
    new RegExp(
      `^note: --rerun leaves 2 hosts, failed or unreachable in run ${first} \\(check site\\.yml, `,
      'm',
    ),
  );
  const limited = await run(...CHECK, '--rerun', `unreachable:${first}`, '-l', 'kvm-02,kvm-03', '--json');
  t.deepEqual(Object.keys(JSON.parse(limited.stdout).hosts), ['kvm-03']);
  const last = await run(...CHECK, '--rerun', 'unreachable', '--json');
  t.deepEqual(Object.keys(JSON.parse(last.stdout).hosts), ['kvm-03'], 'the last run is that with the limit');
});

test('last is the last run of the same command, playbook and inventory; without one the last of all', async t => {
  const { run, write } = await setUp(t);
  await write('hosts.ini', refusing(3));
  await write('other.ini', refusing(3));
  const hostsOf = async (...args: readonly string[]) =>
    Object.keys(JSON.parse((await run(...args, '--connect-tries', '1', '--json')).stdout).hosts).join();
  await run(...CHECK, '-l', 'kvm-01');
  await run('check', 'site.yml', '-i', 'other.ini', '-l', 'kvm-02', '--connect-tries', '1');
  t.is(await hostsOf('check', 'site.yml', '-i', 'hosts.ini', '--rerun', 'unreachable'), 'kvm-01');
  t.is(await hostsOf('check', 'site.yml', '-i', 'other.ini', '--rerun', 'unreachable'), 'kvm-02');
  t.is(await hostsOf('apply', 'site.yml', '-i', 'hosts.ini', '--rerun', 'unreachable'), 'kvm-02');
  t.is(await hostsOf('install', 'nestedvt', '-i', 'hosts.ini', '--rerun', 'unreachable:last'), 'kvm-02');
});

test('no such run, no such host, or a host that is gone: exit 2, with what there is, and nobody is contacted', async t => {
  const { run, folder, write, knocks } = await setUp(t);
  const none = await run(...CHECK, '--rerun', 'failed');
  t.is(none.exitCode, 2);
  t.is(none.stderr, `No run is recorded in ${join(folder, RUNS)}`);
  await run(...CHECK);
  const before = knocks();
  const [id = ''] = await idsIn(join(folder, RUNS));
  const unknown = await run(...CHECK, '--rerun', 'failed:2001');
  t.is(unknown.exitCode, 2);
  t.regex(
    unknown.stderr,
    new RegExp(`^No run in .* is 2001, or begins with it\n  The newest: ${id} \\(check`),
  );
  const failed = await run(...CHECK, '--rerun', 'failed');
  t.is(failed.exitCode, 2);
  t.regex(
    failed.stderr,
    new RegExp(`^No host was failed in run ${id} .*\n  It has 1 host: 1 unreachable\\.`),
  );
  for (const wrong of ['ok', 'failed,', ':last', 'failed:']) {
    const { exitCode, stderr } = await run(...CHECK, '--rerun', wrong);
    t.is(exitCode, 2, wrong);
    t.regex(stderr, /failed, unreachable, skipped, cancelled/);
  }
  await write('hosts.ini', refusing(2).replaceAll('kvm-', 'new-'));
  const gone = await run(...CHECK, '--rerun', 'unreachable');
  t.is(gone.exitCode, 2);
  t.regex(gone.stderr, /^No host that was unreachable in run .* is in the inventory: kvm-01$/m);
  t.is(knocks(), before);
});

test('runs diff: 3 where something differs, 0 where nothing does, 2 where there is no such run', async t => {
  const { run, folder, write } = await setUp(t);
  await write('hosts.ini', refusing(2));
  await run(...CHECK);
  await run(...CHECK);
  await run(...CHECK, '-l', 'kvm-01');
  const [a = '', b = '', c = ''] = await idsIn(join(folder, RUNS));
  const same = await run('runs', 'diff', a, b);
  t.is(same.exitCode, 0);
  t.is(same.stdout, '2 hosts in both runs: 2 as before, 0 not');
  const differs = await run('runs', 'diff', a);
  t.is(differs.exitCode, 3);
  t.is(differs.stdout, 'only in the earlier run: kvm-02\n\n1 host in both runs: 1 as before, 0 not');
  const { stdout } = await run('runs', 'diff', c, a, '--json');
  t.like(JSON.parse(stdout), {
    exitCode: 3,
    earlier: c,
    later: a,
    appeared: ['kvm-02'],
    vanished: [],
    hosts: {},
  });
  t.is((await run('runs', 'diff', 'x', a)).exitCode, 2);
  const ambiguous = await run('runs', 'diff', a.slice(0, 4), a);
  t.is(ambiguous.exitCode, 2);
  t.regex(ambiguous.stderr, /^3 runs begin with \d{4}\n {2}The newest of them: /);
});

test('a record that somebody has damaged is named, and no text of one drives the terminal', async t => {
  const { run, folder } = await setUp(t);
  await run(...CHECK);
  const [id = ''] = await idsIn(join(folder, RUNS));
  const file = join(folder, RUNS, `${id}.jsonl`);
  const text = await readFile(file, 'utf8');
  const hostile = JSON.stringify('\u001b]0;x\u0007').slice(1, -1);
  await writeFile(file, text.replaceAll('kvm-01', `kvm${hostile}`).replace('"site.yml"', `"${hostile}"`));
  for (const args of [
    ['runs'],
    ['runs', 'show'],
    ['runs', 'show', '-v', '--diff'],
    ['runs', 'show', '--json'],
  ]) {
    const { stdout, stderr, exitCode } = await run(...args);
    t.is(exitCode, 0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    t.notRegex(stdout + stderr, /[\u0000-\u0009\u000b-\u001f]/);
  }
  await writeFile(file, 'nothing');
  const list = await run('runs');
  t.is(list.exitCode, 0);
  t.is(list.stderr, `not to be read: ${id}`);
  const show = await run('runs', 'show', id);
  t.is(show.exitCode, 2);
  t.regex(show.stderr, /^The record of run .* cannot be read$/);
});

test('two at once have a record each; a password in a URL is in none', async t => {
  const { run, folder } = await setUp(t);
  const proxy = ['-J', 'ssh://ann:s3cret@127.0.0.1:1'];
  await Promise.all([run(...CHECK), run(...CHECK), run(...CHECK, ...proxy)]);
  const ids = await idsIn(join(folder, RUNS));
  const all = await Promise.all(ids.map(id => readFile(join(folder, RUNS, `${id}.jsonl`), 'utf8')));
  t.true(all.length >= 2);
  for (const text of all) {
    t.regex(text, /^\{"type":"begin".*\n(\{.*\}\n)*\{"type":"end".*\}\n$/);
    t.notRegex(text, /s3cret/);
  }
});

test('a usage error and an input error make no record', async t => {
  const { run, folder } = await setUp(t);
  await run('check', 'none.yml', '-i', 'hosts.ini');
  await run('check', 'site.yml', '-i', 'hosts.ini', '-l', 'nobody');
  await run('check', 'site.yml', '-i', 'hosts.ini', '--print-probe');
  await t.throwsAsync(readdir(join(folder, RUNS)), { code: 'ENOENT' });
});

test('records that cannot be read are an input error', async t => {
  const { run, folder } = await setUp(t);
  await writeFile(join(folder, 'file'), '');
  const { exitCode, stderr } = await run('runs', '--record', 'file');
  t.is(exitCode, 2);
  t.regex(stderr, /^The records of runs cannot be read: ENOTDIR/);
});
