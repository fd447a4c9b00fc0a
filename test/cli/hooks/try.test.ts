import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { python, setUpTry, sh } from './try-set-up.ts';

const EXITS = [
  { end: 'exit 0', status: 0, signal: null, failed: false, others: true },
  { end: 'exit 1', status: 1, signal: null, failed: true, others: true },
  { end: 'exit 2', status: 2, signal: null, failed: true, others: false },
  { end: 'exit 3', status: 3, signal: null, failed: true, others: true },
  { end: 'exit 200', status: 200, signal: null, failed: true, others: true },
  { end: 'kill -TERM $$', status: null, signal: 'SIGTERM', failed: true, others: true },
];

for (const { end, status, signal, failed, others } of EXITS) {
  test(`a script that ends with "${end}" is judged as VDSM does, by event`, async t => {
    const { script, json } = await setUpTry(t);
    for (const event of ['before_vm_start', 'after_vm_start']) {
      await script(`h/${event}/10_first`, sh('echo said >&2', end));
      await script(`h/${event}/20_second`, sh('exit 0'));
    }
    const before = await json('h', '--event', 'before_vm_start');
    const [first, second] = before.tried.scripts;
    t.is(first?.ran?.status, status);
    t.is(first?.ran?.signal, signal);
    t.is(first?.ran?.stderr, 'said\n');
    t.is(first?.failed, failed);
    t.is(second?.ran !== null, others);
    t.is(before.exitCode, failed ? 1 : 0);
    t.is(before.tried.verdict, failed ? 'The VM would not start.' : 'VDSM would go on.');
    t.is(before.tried.user, 'vdsm');
    const after = await json('h', '--event', 'after_vm_start');
    t.is(after.exitCode, 0);
    t.regex(after.tried.verdict, failed ? /log the failure and go on/ : /^VDSM would go on\.$/);
  });
}

test('scripts run in byte order, each on what the one before has left', async t => {
  const { script, json } = await setUpTry(t);
  for (const name of ['10_a', '9_z', 'ZZ', 'aa', 'x~', 'with blank']) {
    await script(`before_vm_start/${name}`, sh(`printf '<!--%s-->' '${name}' >> "$_hook_domxml"`));
  }
  const { tried, exitCode } = await json('before_vm_start');
  t.is(exitCode, 0);
  const order = ['10_a', '9_z', 'ZZ', 'aa', 'with blank', 'x~'];
  t.deepEqual(
    tried.scripts.map(one => one.name),
    order,
  );
  t.true(tried.scripts.every(one => one.changed));
  const added = tried.change?.diff.filter(({ mark }) => mark === '+').map(({ text }) => text);
  t.deepEqual(
    added,
    order.map(name => `<!--${name}-->`),
  );
});

test('what VDSM passes over without a word is told, and a path with nothing else is an error', async t => {
  const { folder, script, run, json } = await setUpTry(t);
  await script('h/before_vm_start/50_runs', sh('exit 0'));
  await script('h/before_vm_start/60_forgotten', sh('exit 1'), 0o644);
  await script('h/before_vm_start/.hidden', sh('exit 1'));
  await script('h/before_vm_start/sub/70_deep', sh('exit 1'));
  await symlink('nowhere', join(folder, 'h/before_vm_start/80_gone'));
  await symlink('50_runs', join(folder, 'h/before_vm_start/90_link'));
  const { document, tried } = await json('h');
  t.deepEqual(document.passedOver, [
    { name: '.hidden', why: 'its name begins with a dot' },
    { name: '60_forgotten', why: 'it has no x bit' },
    { name: '80_gone', why: 'it is a link that leads nowhere' },
  ]);
  t.deepEqual(
    tried.scripts.map(one => one.name),
    ['50_runs', '90_link'],
  );
  const text = await run('h');
  t.regex(text.stderr, /60_forgotten: VDSM passes it over without a word: it has no x bit\./);
  const alone = await run('h/before_vm_start/60_forgotten');
  t.is(alone.exitCode, 2);
  t.is(alone.stdout, '');
  t.regex(
    alone.stderr,
    /60_forgotten: VDSM would run nothing here, without a word\n.*no x bit\. Make it executable/,
  );
  t.is((await run('h/before_vm_start/.hidden')).exitCode, 2);
});

test('a script gets the environment, folder, umask, arguments and stdin that VDSM gives it, and nothing of the caller', async t => {
  const { script, json } = await setUpTry(t);
  const show = sh(
    'env | cut -d= -f1 | sort | tr "\\n" " " >&2; echo >&2',
    'echo "args:$# cwd:$(pwd) umask:$(umask) stdin:$(cat | wc -c) mode:$(stat -c %a "$_hook_domxml")" >&2',
    'echo "vm:$vmId a:$a b:$b p:$PYTHONPATH" >&2',
  );
  await script('h/before_device_create/50_x', show);
  const given = ['--prop', 'a=of vm', '--device-prop', 'a=of device', '--device-prop', 'b=x=y'];
  const { tried, document } = await json('h', ...given);
  const [names, facts, values] = tried.scripts[0]?.ran?.stderr.split('\n') ?? [];
  t.deepEqual(
    names?.split(' ').filter(name => !['', 'PWD', '_', 'SHLVL', 'OLDPWD'].includes(name)),
    ['HOME', 'LANG', 'PATH', 'PYTHONPATH', 'TMPDIR', '_hook_domxml', 'a', 'b', 'vmId'].sort(),
  );
  t.is(facts, 'args:0 cwd:/ umask:0022 stdin:0 mode:600');
  t.regex(values ?? '', /^vm:[0-9a-f-]{36} a:of vm b:x=y p::\/.*\/lent$/);
  t.true(document.lent);
});

test('the lent module hooking reads and writes XML and JSON, logs, ends the hook, and takes words for true', async t => {
  const { script, json } = await setUpTry(t);
  await script(
    'h/before_vm_start/50_x',
    python(
      'import os, hooking',
      'dom = hooking.read_domxml()',
      'dom.documentElement.setAttribute("id", "7")',
      'hooking.write_domxml(dom)',
      'hooking.log("%s %s %s" % (hooking.tobool("TRUE"), hooking.tobool("0"), hooking.tobool("x")))',
      'hooking.exit_hook("that was it: " + os.environ["tag"])',
    ),
  );
  await script('h/before_vm_start/60_y', sh('exit 0'));
  const { tried, exitCode } = await json('h', '--prop', 'tag=ü');
  t.is(exitCode, 1);
  t.is(tried.scripts[0]?.ran?.stderr, 'True False False\nthat was it: ü\n');
  t.is(tried.scripts[0]?.ran?.status, 2);
  t.is(tried.scripts[1]?.ran, null);
  t.deepEqual(
    tried.change?.diff.filter(({ mark }) => mark !== ' ').map(({ mark, text }) => `${mark} ${text}`),
    [
      '- <domain type="kvm" xmlns:ovirt-vm="http://ovirt.org/vm/1.0">',
      '+ <domain id="7" type="kvm" xmlns:ovirt-vm="http://ovirt.org/vm/1.0">',
    ],
  );
});

test("what the lent module does not have is put down to it, not to the author's mistake", async t => {
  const { script, json } = await setUpTry(t);
  await script('h/before_vm_start/50_x', python('import hooking', 'hooking.execCmd(["true"])'));
  const { tried } = await json('h');
  t.true(tried.scripts[0]?.notes.some(note => note.includes('comes with the package vdsm')));
});

test('the properties of a VM stand in the metadata of the sample, those of networks in the JSON', async t => {
  const { script, json } = await setUpTry(t);
  await script(
    'h/before_vm_start/50_x',
    sh('grep -c "<ovirt-vm:tag>a&amp;b</ovirt-vm:tag>" "$_hook_domxml" >&2'),
  );
  await script('h/before_network_setup/50_x', sh('cat "$_hook_json" >&2; echo "env:$tag" >&2'));
  const vm = await json('h', '--event', 'before_vm_start', '--prop', 'tag=a&b');
  t.is(vm.tried.scripts[0]?.ran?.stderr, '1\n');
  const network = await json('h', '--event', 'before_network_setup', '--prop', 'tag=on');
  t.is(network.tried.user, 'root');
  const [data = '', env] = network.tried.scripts[0]?.ran?.stderr.split('}env:') ?? [];
  t.is(env, '\n');
  t.true(data.includes('"custom": {"tag": "on"}'));
  t.is(JSON.parse(`${data}}`).request.networks.ovirtmgmt.custom.tag, 'on');
});

test('a change that VDSM throws away is told so', async t => {
  const { script, run } = await setUpTry(t);
  await script('h/after_vm_start/50_x', sh('sed -i s/kvm/qemu/ "$_hook_domxml"'));
  const { stdout, exitCode } = await run('h');
  t.is(exitCode, 0);
  t.regex(stdout, /The XML is changed; VDSM throws that away at this event:\n/);
  t.regex(stdout, /\n {4}- <domain type="kvm".*\n {4}\+ <domain type="qemu"/);
});

test('VDSM would show the stderr of the last script, where that is not the one that failed', async t => {
  const { script, json } = await setUpTry(t);
  for (const event of ['before_vm_start', 'before_vm_pause']) {
    await script(`h/${event}/10_bad`, sh('echo why >&2; exit 1'));
    await script(`h/${event}/20_good`, sh('exit 0'));
  }
  const told = async (event: string) => (await json('h', '--event', event)).tried.notes;
  t.deepEqual(await told('before_vm_pause'), [
    "VDSM's error would show the stderr of 20_good, the last one that ran, and not that of 10_bad.",
  ]);
  t.deepEqual(await told('before_vm_start'), []);
});

test('an event that VDSM cannot call with a script there is told', async t => {
  const { script, json } = await setUpTry(t);
  await script('h/after_vm_dehibernate/50_x', sh('exit 0'));
  const { tried, exitCode } = await json('h');
  t.is(exitCode, 1);
  t.regex(tried.verdict, /TypeError/);
});

test('a file of the user takes the place of the sample, with the id of its VM', async t => {
  const { script, write, json } = await setUpTry(t);
  await script('h/before_vm_start/50_x', sh('cat "$_hook_domxml" >&2; echo "$vmId" >&2'));
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';
  const text = `<?xml version='1.0'?>\n<domain><uuid>${uuid}</uuid></domain>\n`;
  await write('my.xml', text);
  const { tried } = await json('h', '--domxml', 'my.xml');
  t.is(tried.scripts[0]?.ran?.stderr, `${text}${uuid}\n`);
  t.is(tried.given, 'my.xml');
});

const INTERPRETERS = [
  { title: 'that is not there', text: '#!/no/such/interpreter\n', status: 127 },
  { title: 'with a CR', text: '#!/bin/sh\r\nexit 0\r\n', status: 127 },
  { title: 'that is a folder', text: '#!/tmp\n', status: 126 },
  { title: 'that is left out', text: 'exit 0\n', status: 0 },
  { title: 'behind a byte order mark', text: '\ufeff#!/bin/sh\nexit 3\n', status: 3 },
];

for (const { title, text, status } of INTERPRETERS) {
  test(`an interpreter ${title} ends with ${status}, as under VDSM`, async t => {
    const { script, json } = await setUpTry(t);
    await script('before_vm_start/50_x', text);
    const { tried, exitCode } = await json('before_vm_start/50_x');
    t.is(tried.scripts[0]?.ran?.status, status);
    t.is(exitCode, status === 0 ? 0 : 1);
  });
}

const BAD_INPUT: readonly { readonly args: readonly string[]; readonly says: RegExp }[] = [
  { args: ['gone'], says: /^gone: is not there\n/ },
  {
    args: ['h', '--event', 'before_vm_strat'],
    says: /unknown event "before_vm_strat"\n {2}Did you mean "before_vm_start"/,
  },
  { args: ['h'], says: /several events\n.*before_vm_start, before_vm_set_ticket, /s },
  {
    args: ['h', '--event', 'after_vm_start'],
    says: /has nothing for after_vm_start\n {2}It has before_vm_start, /,
  },
  { args: ['h/README.md'], says: /does not say at which event/ },
  { args: ['h/README.md', '--event', 'before_vm_start'], says: /would run nothing here.*no x bit/s },
  { args: ['h', '--event', 'before_vm_start', '--prop', 'x'], says: /--prop x has no value/ },
  { args: ['h', '--event', 'before_vm_start', '--prop', '1x=y'], says: /"1x" is no name/ },
  {
    args: ['h', '--event', 'before_vm_start', '--prop', 'PATH=y'],
    says: /"PATH" would change how every script runs/,
  },
  { args: ['h', '--event', 'before_vm_start', '--prop', 'LD_PRELOAD=y'], says: /"LD_PRELOAD" would change/ },
  {
    args: ['h', '--event', 'before_vm_start', '--prop', '_hook_domxml=y'],
    says: /"_hook_domxml" would change/,
  },
  { args: ['h', '--event', 'before_vm_start', '--prop', 'a=1', '--prop', 'a=2'], says: /given twice/ },
  { args: ['h', '--event', 'before_vm_start', '--device-prop', 'a=1'], says: /no properties of a device/ },
  { args: ['h', '--event', 'before_set_num_of_cpus', '--prop', 'a=1'], says: /get no custom properties/ },
  { args: ['h', '--event', 'before_set_num_of_cpus', '--domxml', 'dev.xml'], says: /get an empty file/ },
  {
    args: ['h', '--event', 'before_vm_start', '--domxml', 'dev.xml'],
    says: /dev\.xml: is a <interface>, and VDSM gives .* a whole domain/,
  },
  {
    args: ['h', '--event', 'before_vm_start', '--domxml', 'bad.xml'],
    says: /^bad\.xml:2: is no well-formed XML: <\/b> ends <a>/,
  },
  {
    args: ['h', '--event', 'before_vm_start', '--domxml', 'gone.xml'],
    says: /gone\.xml: cannot be read: ENOENT/,
  },
  { args: ['h', '--event', 'before_network_setup', '--domxml', 'bad.xml'], says: /bad\.xml: is no JSON/ },
  { args: ['h', '--event', 'before_vm_start', '--op', 'prepare'], says: /--op is of libvirt/ },
  { args: ['h', '--event', 'before_vm_start', '--driver', 'qemu', '--op', 'all'], says: /Give one of them/ },
  {
    args: ['h', '--driver', 'qemu', '--op', 'all', '--prop', 'a=1'],
    says: /libvirt gives its hooks no custom properties/,
  },
  { args: ['h', '--driver', 'qemu'], says: /wants an operation\n.*prepare, start, started/ },
  { args: ['h', '--driver', 'qemuu', '--op', 'all'], says: /unknown driver/ },
  { args: ['h', '--driver', 'qemu', '--op', 'prepar'], says: /Did you mean "prepare"/ },
];

test('bad input is an error with what to do; nothing is run, and stdout stays empty', async t => {
  const { script, write, run } = await setUpTry(t);
  for (const event of [
    'before_vm_start',
    'before_vm_set_ticket',
    'before_set_num_of_cpus',
    'before_network_setup',
  ]) {
    await script(`h/${event}/50_x`, sh('echo ran > /dev/tty; exit 0'));
  }
  await script('h/README.md', 'text', 0o644);
  await write('dev.xml', '<interface/>');
  await write('bad.xml', '<a>\n</b>');
  for (const { args, says } of BAD_INPUT) {
    const { exitCode, stdout, stderr } = await run(...args);
    t.is(exitCode, 2, args.join(' '));
    t.is(stdout, '');
    t.regex(stderr, says);
  }
});

test('nothing runs as root unless somebody has agreed', async t => {
  const { script, raw } = await setUpTry(t);
  await script('before_vm_start/50_x', sh('id -u >&2'));
  const { exitCode, stderr, stdout } = await raw('before_vm_start');
  if (process.getuid?.() === 0) {
    t.is(exitCode, 2);
    t.regex(stderr, /would run as root on this machine/);
    t.is(stdout, '');
  } else {
    t.is(exitCode, 0);
  }
});

test('names and messages that would drive the terminal are shown as text', async t => {
  const { script, run } = await setUpTry(t);
  await script('before_vm_start/5\u001b[31m\n0', sh("printf '\\033]0;title\\007\\n' >&2; exit 1"));
  const { stdout, exitCode } = await run('before_vm_start');
  t.is(exitCode, 1);
  t.false(stdout.includes('\u001b'));
  t.true(stdout.includes('\\u{1b}'));
});

test("a hook in VDSM's source is tried under the names that its Makefile.am gives", async t => {
  const { folder, script, json, run } = await setUpTry(t);
  const rule = (file: string, name: string) =>
    `\t$(INSTALL_SCRIPT) $(srcdir)/${file} \\\n\t\t$(DESTDIR)$(vdsmhooksdir)/before_vm_start/${name}\n`;
  await script(
    'src/Makefile.am',
    `install-data-hook:\n${rule('b.py', '10_b')}${rule('a.py', '20_a')}`,
    0o644,
  );
  await script('src/a.py', sh('exit 0'));
  await script('src/b.py', sh('exit 0'));
  const { tried } = await json('src');
  t.is(tried.title, 'before_vm_start');
  t.deepEqual(
    tried.scripts.map(one => one.name),
    ['b.py', 'a.py'],
  );
  await chmod(join(folder, 'src/a.py'), 0o644);
  t.regex((await run('src')).stderr, /a\.py: VDSM passes it over/);
});
