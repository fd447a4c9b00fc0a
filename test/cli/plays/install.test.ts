import test from 'ava';
import { setUp } from '../program.ts';

test('install is a playbook in memory, which --print-playbook writes out and apply takes', async t => {
  const { run, write, knocks } = await setUp(t);
  await write(
    'hosts.ini',
    '[hypervisors]\nkvm-01 ansible_host=127.0.0.1 ansible_port=1\n[engine]\nengine-01\n',
  );
  const { stdout, exitCode } = await run(
    'install',
    'diskunmap',
    'extnet',
    '-i',
    'hosts.ini',
    '--print-playbook',
  );
  t.is(exitCode, 0);
  t.is(
    stdout,
    `- name: Hooks on every hypervisor
  hosts: "hypervisors"
  become: true
  vdsm_hooks:
    - "diskunmap"
    - "extnet"

- name: The custom properties that they need
  hosts: "engine"
  become: true
  engine_properties:
    from_hooks: true`,
  );
  await write('made.yml', stdout);
  const made = await run('check', 'made.yml', '-i', 'hosts.ini', '-l', 'kvm-01');
  t.is(made.exitCode, 4);
  t.is(knocks(), 0);
});

const PATTERNS: readonly (readonly [
  title: string,
  inventory: string,
  args: readonly string[],
  hosts: string,
  engine: string | null,
])[] = [
  ['the groups hypervisors and engine', '[hypervisors]\na\n[engine]\ne\n', [], 'hypervisors', 'engine'],
  ['without a group hypervisors, all but the engine', '[kvm]\na\n[engine]\ne\n', [], 'all:!engine', 'engine'],
  [
    'what the user says',
    '[kvm]\na\n[manager]\ne\n',
    ['--hosts', 'kvm', '--engine', 'manager'],
    'kvm',
    'manager',
  ],
  ['no engine', '[hypervisors]\na\n', ['--no-engine'], 'hypervisors', null],
];

for (const [title, inventory, args, hosts, engine] of PATTERNS) {
  test(`install finds its hosts: ${title}`, async t => {
    const { run, write } = await setUp(t);
    await write('hosts.ini', inventory);
    const { stdout, stderr, exitCode } = await run(
      'install',
      'diskunmap',
      '-i',
      'hosts.ini',
      '--print-playbook',
      ...args,
    );
    t.is(exitCode, 0, stderr);
    const patterns = [...stdout.matchAll(/hosts: "(.*)"/g)].map(match => match[1]);
    t.deepEqual(patterns, engine === null ? [hosts] : [hosts, engine]);
  });
}

test('a hook that needs no property needs no engine', async t => {
  const { run } = await setUp(t);
  const { stdout, exitCode } = await run(
    'install',
    'nestedvt',
    'vhostmd',
    '-i',
    'hosts.ini',
    '--print-playbook',
  );
  t.is(exitCode, 0);
  t.false(stdout.includes('engine'));
});

test('a hook that needs a property, and no engine in sight: exit 2, and what to type', async t => {
  const { run, knocks } = await setUp(t);
  const { stdout, stderr, exitCode } = await run('install', 'diskunmap', '-i', 'hosts.ini');
  t.is(exitCode, 2);
  t.is(stdout, '');
  t.regex(
    stderr,
    /diskunmap needs custom properties.*no group "engine"\n {2}.*--engine PATTERN.*--no-engine/,
  );
  t.is(knocks(), 0);
});

test('an unknown hook: exit 2 and the right spelling, without a place in a file that nobody wrote', async t => {
  const { run } = await setUp(t);
  const { stderr, exitCode } = await run('install', 'diskunmpa', '-i', 'hosts.ini', '--no-engine');
  t.is(exitCode, 2);
  t.regex(stderr, /^vdsm_hooks: unknown hook "diskunmpa"\n {2}Did you mean "diskunmap"\?/);
});

test('the JSON says install, and the next command is an install', async t => {
  const { run } = await setUp(t);
  const args = ['install', 'diskunmap', '-i', 'hosts.ini', '--no-engine'];
  t.is(JSON.parse((await run(...args, '--json')).stdout).command, 'install');
  t.regex((await run(...args)).stderr, /^Next: hookfleet install diskunmap -i hosts\.ini --no-engine$/m);
});

test('a hook that keeps VMs from starting wherever it is: exit 2, nobody is contacted, and --yes is no consent', async t => {
  const { run, knocks } = await setUp(t);
  const install = ['install', 'diskunmap', 'allocate_net', '-i', 'hosts.ini', '--no-engine', '--yes'];
  const { stdout, stderr, exitCode } = await run(...install);
  t.is(exitCode, 2);
  t.is(stdout, '');
  t.regex(stderr, /^allocate_net: Fails for every vNIC .*\n {2}.*--accept-risk allocate_net/);
  t.is(knocks(), 0);
  const accepted = await run(...install, '--accept-risk', 'vdsm-hook-allocate_net');
  t.not(accepted.exitCode, 2);
  t.true(knocks() > 0);
  t.regex(accepted.stderr, /^Next: .* --accept-risk vdsm-hook-allocate_net$/m);
});

test('consent to a hook that is not installed is refused, and to a harmless one it is a warning without a place', async t => {
  const { run, knocks } = await setUp(t);
  const slip = await run('install', 'vhostmd', '-i', 'hosts.ini', '--accept-risk', 'vhotsmd');
  t.is(slip.exitCode, 2);
  t.regex(slip.stderr, /^--accept-risk vhotsmd: vhotsmd is none of the hooks to install \(vhostmd\)/);
  t.is(knocks(), 0);
  const idle = await run('install', 'nestedvt', '-i', 'hosts.ini', '--accept-risk', 'nestedvt', '--check');
  t.regex(idle.stderr, /^warning: the hook nestedvt reaches further than its property: /m);
  t.regex(idle.stderr, /^warning: accept_risk of nestedvt has no effect/m);
});

test('a hook that is broken as shipped is warned of before any host is contacted', async t => {
  const { run } = await setUp(t);
  const { stderr } = await run('install', 'macbind', '-i', 'hosts.ini', '--no-engine', '--check');
  t.regex(stderr, /^warning: the hook macbind is broken as shipped: Left over from Python 2/);
});
