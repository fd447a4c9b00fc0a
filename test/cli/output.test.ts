import test from 'ava';
import { execa } from 'execa';
import { BIN, setUp } from './program.ts';

test('--help and --version print on stdout and exit 0', async t => {
  const { run } = await setUp(t);
  const help = await run('--help');
  t.is(help.exitCode, 0);
  for (const word of ['apply', 'check', 'inventory', 'Exit codes', 'Examples']) {
    t.true(help.stdout.includes(word), word);
  }
  t.is(help.stderr, '');
  const version = await run('--version');
  t.is(version.exitCode, 0);
  t.regex(version.stdout, /^\d+\.\d+\.\d+$/);
  const check = await run('check', '--help');
  t.is(check.exitCode, 0);
  t.true(check.stdout.includes('--limit'));
});

test('an unreachable host: exit 4, its reason in words, the next command to type', async t => {
  const { run, knocks } = await setUp(t);
  const { stdout, stderr, exitCode } = await run('check', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 4);
  t.regex(stdout, /unreachable: kvm-01\n/);
  t.regex(stdout, /1 host: 1 unreachable$/m);
  t.regex(stderr, /^Next: hookfleet check site\.yml -i hosts\.ini$/m);
  t.true(knocks() > 0);
});

test('--json prints the one document of the contract on stdout, and nothing on stderr', async t => {
  const { run } = await setUp(t);
  const { stdout, stderr, exitCode } = await run('check', 'site.yml', '-i', 'hosts.ini', '--json');
  t.is(stderr, '');
  const report = JSON.parse(stdout);
  t.is(report.exitCode, exitCode);
  t.is(report.command, 'check');
  t.regex(report.hookfleet, /^\d+\.\d+\.\d+$/);
  t.deepEqual(report.totals, {
    ok: 0,
    changed: 0,
    drifted: 0,
    skipped: 0,
    cancelled: 0,
    unreachable: 1,
    failed: 0,
  });
  const { outcome, changes, error, ms } = report.hosts['kvm-01'];
  t.is(outcome, 'unreachable');
  t.deepEqual(changes, []);
  t.is(typeof ms, 'number');
  t.deepEqual(Object.keys(error).sort(), [
    'command',
    'exitCode',
    'hint',
    'kind',
    'message',
    'stderr',
    'step',
  ]);
});

test('apply --check and --dry-run are the check', async t => {
  const { run } = await setUp(t);
  for (const option of ['--check', '--dry-run']) {
    const { stdout } = await run('apply', 'site.yml', '-i', 'hosts.ini', option, '--json');
    t.is(JSON.parse(stdout).command, 'check');
  }
});

test('inventory prints what ansible-inventory prints', async t => {
  const { run, write } = await setUp(t);
  await write('hosts.ini', '[hypervisors]\nkvm-[01:02] rack=7\n[engine]\nengine-01\n');
  const graph = await run('inventory', '-i', 'hosts.ini', '--graph');
  t.is(
    graph.stdout,
    '@all:\n  |--@ungrouped:\n  |--@hypervisors:\n  |  |--kvm-01\n  |  |--kvm-02\n  |--@engine:\n  |  |--engine-01',
  );
  const host = await run('inventory', '-i', 'hosts.ini', '--host', 'kvm-02');
  t.deepEqual(JSON.parse(host.stdout), { rack: 7 });
  const list = JSON.parse((await run('inventory', '-i', 'hosts.ini', '--list')).stdout);
  t.deepEqual(list.hypervisors, { hosts: ['kvm-01', 'kvm-02'] });
});

test('a variable that is nearly a connection variable is a warning with the right spelling', async t => {
  const { run, write } = await setUp(t);
  await write('hosts.ini', '[hypervisors]\nkvm-01 ansible_hots=10.0.0.1\n');
  const { stderr, exitCode } = await run('inventory', '-i', 'hosts.ini', '--list');
  t.is(exitCode, 0);
  t.regex(stderr, /^warning: hosts\.ini:2: .*ansible_hots[\s\S]*ansible_host/);
});

test('readers that go away end the output, not the work: the exit code is the run’s own', async t => {
  const { folder, knocks } = await setUp(t);
  const command = `'${process.execPath}' '${BIN}' check site.yml -i hosts.ini`;
  for (const pipe of [`${command} 2>&1 | true`, `${command} 2> >(true) | true`]) {
    const before = knocks();
    const { stdout } = await execa('bash', ['-c', `${pipe}; echo "\${PIPESTATUS[0]}"`], {
      cwd: folder,
      env: { HOME: folder, SSH_AUTH_SOCK: undefined },
    });
    t.is(stdout.trim(), '4', pipe);
    t.true(knocks() > before);
  }
});
