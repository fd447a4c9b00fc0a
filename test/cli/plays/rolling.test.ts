import test from 'ava';
import { setUp } from '../program.ts';

const CANARY = `- name: Hooks
  hosts: hypervisors
  serial: 1
  confirm: true
  vdsm_hooks: [nestedvt]
`;
const TWO = '[hypervisors]\nkvm-01 ansible_host=127.0.0.1 ansible_port=1\nkvm-02 ansible_host=127.0.0.1\n';

test('a play that asks, and nobody to answer: exit 2 before any host is touched, and the option is named', async t => {
  const { run, write } = await setUp(t);
  await write('hosts.ini', TWO);
  await write('site.yml', CANARY);
  for (const more of [[], ['--json']]) {
    const { exitCode, stdout, stderr } = await run('apply', 'site.yml', '-i', 'hosts.ini', ...more);
    t.is(exitCode, 2);
    t.is(stdout, '');
    t.is(
      stderr,
      'The play "Hooks" asks after its first batch (confirm: true), and nobody can answer here\n  Give --yes to go on without an answer, or run it on a terminal without --json.',
    );
  }
});

test('a check asks nothing, and neither does a play that has one batch', async t => {
  const { run, write } = await setUp(t);
  await write('site.yml', CANARY);
  t.is((await run('check', 'site.yml', '-i', 'hosts.ini')).exitCode, 4);
  t.is((await run('apply', 'site.yml', '-i', 'hosts.ini')).exitCode, 4);
});

test('the next command repeats the order', async t => {
  const { run } = await setUp(t);
  const { stderr } = await run('apply', 'site.yml', '-i', 'hosts.ini', '--order', 'sorted');
  t.regex(stderr, /^Next: hookfleet apply site\.yml -i hosts\.ini --order sorted$/m);
});

test('an unknown order is a usage error that names the known ones', async t => {
  const { run } = await setUp(t);
  const { exitCode, stderr } = await run('apply', 'site.yml', '-i', 'hosts.ini', '--order', 'random');
  t.is(exitCode, 2);
  t.regex(stderr, /inventory, sorted, shuffle/);
});

test('a limit that leaves out hosts before an engine play is told, and the play is run all the same', async t => {
  const { run, write } = await setUp(t);
  await write('hosts.ini', `${TWO}[engine]\nengine-01 ansible_host=127.0.0.1 ansible_port=1\n`);
  await write(
    'site.yml',
    `${CANARY}- name: Properties\n  hosts: engine\n  engine_properties: { vm: { tag: '^x$' } }\n`,
  );
  const limited = await run('check', 'site.yml', '-i', 'hosts.ini', '-l', 'kvm-01,engine-01', '--json');
  t.regex(
    limited.stderr,
    /^note: --limit leaves out 1 of the 2 hosts whose hooks the play "Properties" comes after \(kvm-02\): what they have is not looked at$/m,
  );
  t.deepEqual(Object.keys(JSON.parse(limited.stdout).hosts), ['kvm-01', 'engine-01']);
  const engineOnly = await run('check', 'site.yml', '-i', 'hosts.ini', '-l', 'engine-01', '--json');
  t.regex(engineOnly.stderr, /^note: --limit leaves no host of the play "Hooks": it is not run$/m);
  t.regex(engineOnly.stderr, /leaves out 2 of the 2 hosts/);
  const hostsOnly = await run('check', 'site.yml', '-i', 'hosts.ini', '-l', 'hypervisors', '--json');
  t.regex(hostsOnly.stderr, /leaves no host of the play "Properties"/);
  t.notRegex(hostsOnly.stderr, /leaves out/);
  const whole = await run('check', 'site.yml', '-i', 'hosts.ini', '--json');
  t.notRegex(whole.stderr, /--limit/);
});

test('install takes a version behind an @, and may go back to an older one', async t => {
  const { run } = await setUp(t);
  const { stdout } = await run(
    ...['install', 'nestedvt@4.50.5-1.el9', 'vdsm-hook-own@>=1:2.0', 'vhostmd', '--allow-downgrade'],
    ...['-i', 'hosts.ini', '--print-playbook'],
  );
  t.regex(stdout, /- name: "nestedvt"\n {6}version: "4\.50\.5-1\.el9"\n {6}allow_downgrade: true\n/);
  t.regex(stdout, /- name: "vdsm-hook-own"\n {6}version: ">=1:2\.0"\n/);
  const wrong = await run('install', 'nestedvt@4.5,0', '-i', 'hosts.ini', '--check');
  t.is(wrong.exitCode, 2);
  t.regex(wrong.stderr, /^"4\.5,0" is no bound of a version/);
});

test('remove is a playbook in memory as well, without the engine', async t => {
  const { run } = await setUp(t);
  const { stdout, exitCode } = await run('remove', 'diskunmap', '-i', 'hosts.ini', '--print-playbook');
  t.is(exitCode, 0);
  t.is(
    stdout,
    '- name: Hooks on every hypervisor\n  hosts: "hypervisors"\n  become: true\n  vdsm_hooks:\n    - name: "diskunmap"\n      state: absent',
  );
  const { stderr } = await run('remove', 'diskunmap', '-i', 'hosts.ini');
  t.regex(stderr, /^Next: hookfleet remove diskunmap -i hosts\.ini$/m);
});
