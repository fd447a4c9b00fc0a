import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { fingerprint } from '../../../src/remote/host-keys/host-key.ts';
import { type EmbeddedServer, newPrivateKey, publicKey, startServer } from '../../remote/embedded-server.ts';
import { setUp } from '../program.ts';

const HOST_KEYS = [newPrivateKey('ed25519'), newPrivateKey('rsa')];
const OTHER = publicKey(newPrivateKey());

/** Servers as hosts `kvm-01`, `kvm-02` … of an inventory; `gone` does not answer. */
async function fleet(t: ExecutionContext, ...hostKeys: (readonly string[])[]) {
  const program = await setUp(t);
  const servers = await Promise.all(hostKeys.map(keys => startServer({ hostKeys: keys })));
  t.teardown(() => Promise.all(servers.map(server => server.close())));
  await program.write(
    'hosts.ini',
    [
      '[hypervisors]',
      ...servers.map(({ port }, i) => `kvm-0${i + 1} ansible_host=127.0.0.1 ansible_port=${port}`),
      '[others]',
      'gone ansible_host=127.0.0.1 ansible_port=1',
      '',
    ].join('\n'),
  );
  const known = join(program.folder, '.ssh', 'known_hosts');
  return {
    ...program,
    servers,
    known,
    knownText: () => readFile(known, 'utf8').catch(() => ''),
    async setKnown(text: string) {
      await mkdir(join(program.folder, '.ssh'), { recursive: true });
      await writeFile(known, text);
    },
  };
}

function prints(server: EmbeddedServer | undefined): string[] {
  return server?.hostKeys.map(key => fingerprint(key.getPublicSSH())) ?? [];
}

function line(server: EmbeddedServer | undefined, key = server?.hostKeys[0]): string {
  return `[127.0.0.1]:${server?.port} ${key?.type} ${key?.getPublicSSH().toString('base64')}\n`;
}

test('keys are shown and recorded, each host is known then, and a second time nothing is to do', async t => {
  const { run, servers, knownText } = await fleet(t, HOST_KEYS, [newPrivateKey('ecdsa')]);
  const first = await run('trust', 'hypervisors', '-i', 'hosts.ini', '--yes');
  t.is(first.exitCode, 0, first.stderr);
  for (const print of servers.flatMap(prints)) {
    t.true(first.stdout.includes(print), first.stdout);
  }
  t.regex(
    first.stdout,
    /^kvm-01 {2}127\.0\.0\.1:\d+\n {2}new {2}ssh-ed25519 {2}SHA256:\S+\n {2}new {2}ssh-rsa {6}SHA256:/,
  );
  t.regex(first.stdout, /\nrecorded 3 keys of 2 hosts in \S+\/\.ssh\/known_hosts\n2 hosts: 2 changed$/);
  const text = await knownText();
  t.is(text.match(/^\|1\|/gm)?.length, 3);

  const second = await run('trust', 'hypervisors', '-i', 'hosts.ini', '--yes');
  t.is(second.exitCode, 0);
  t.regex(second.stdout, /known {2}ssh-ed25519/);
  t.regex(second.stdout, /\n2 hosts: 2 ok$/);
  t.is(await knownText(), text);

  const check = await run('check', 'site.yml', '-i', 'hosts.ini', '--json');
  const errors = Object.values(JSON.parse(check.stdout).hosts) as { error: { kind: string } }[];
  t.deepEqual(
    errors.map(({ error }) => error.kind),
    ['authentication', 'authentication'],
  );
});

test('without a terminal and without consent nobody is contacted, and the options are named', async t => {
  const { run, knocks, write } = await setUp(t);
  for (const args of [[], ['--json']]) {
    const { exitCode, stdout, stderr } = await run('trust', '-i', 'hosts.ini', ...args);
    t.deepEqual([exitCode, stdout], [2, '']);
    t.regex(stderr, /--fingerprints FILE/);
    t.regex(stderr, /--yes/);
  }
  await write('prints', 'nonsense\n');
  for (const [args, message] of [
    [['--yes', 'nobody'], /"nobody" matches no group and no host/],
    [['--fingerprints', 'prints'], /^prints:1: this is no fingerprint/],
    [['--fingerprints', 'nowhere'], /^nowhere: there is no such file/],
    [['--yes', '--known-hosts', '/dev/null'], /not a regular file/],
    [['--yes', '--known-hosts', 'no/such/folder/known'], /cannot be written/],
  ] as const) {
    const { exitCode, stdout, stderr } = await run('trust', '-i', 'hosts.ini', ...args);
    t.deepEqual([exitCode, stdout], [2, ''], stderr);
    t.regex(stderr, message);
  }
  t.is(knocks(), 0);
});

test('a host that does not answer is told, the others are recorded: exit code 4', async t => {
  const { run, knownText } = await fleet(t, HOST_KEYS);
  const { exitCode, stdout } = await run('trust', '-i', 'hosts.ini', '--yes');
  t.is(exitCode, 4);
  t.regex(stdout, /\ngone {2}127\.0\.0\.1:1\n {2}the host \(port 1\) refused the connection/);
  t.regex(stdout, /2 hosts: 1 changed, 1 unreachable$/);
  t.is((await knownText()).match(/^\|1\|/gm)?.length, 2);
});

test('a changed key is never overwritten: both fingerprints, the place, and what to type; exit code 1', async t => {
  const { run, servers, known, knownText, setKnown } = await fleet(t, HOST_KEYS, HOST_KEYS);
  const old = `# mine\n${line(servers[0], OTHER)}`;
  await setKnown(old);
  const { exitCode, stdout } = await run('trust', 'hypervisors', '-i', 'hosts.ini', '--yes');
  t.is(exitCode, 1);
  const [now] = prints(servers[0]);
  t.true(stdout.includes(`changed  ssh-ed25519  ${now}`), stdout);
  t.true(stdout.includes(`${fingerprint(OTHER.getPublicSSH())}  on record: ${known}:2`), stdout);
  t.true(
    stdout.includes(
      `ssh-keygen -R '[127.0.0.1]:${servers[0]?.port}' -f ${known}; then: hookfleet trust kvm-01 -i hosts.ini`,
    ),
    stdout,
  );
  const text = await knownText();
  t.true(text.startsWith(old));
  t.is(text.match(/^\|1\|/gm)?.length, 2, 'the other host alone');
});

test('--fingerprints records only what stands in the file; the rest is refused with the list: exit code 1', async t => {
  const { run, servers, knownText, write } = await fleet(t, HOST_KEYS, HOST_KEYS, [newPrivateKey()]);
  const [ed, rsa] = prints(servers[0]);
  const [third] = prints(servers[2]);
  await write('prints', `256 ${ed} root@kvm (ED25519)\nkvm-01 ${rsa}\nkvm-99 ${third}\n`);
  const { exitCode, stdout } = await run(
    'trust',
    'hypervisors',
    '-i',
    'hosts.ini',
    '--fingerprints',
    'prints',
  );
  t.is(exitCode, 1);
  t.regex(stdout, /kvm-01 .*\n {2}new {2}ssh-ed25519 .*\n {2}new {2}ssh-rsa/);
  t.regex(
    stdout,
    /kvm-02 .*\n {2}new {6}ssh-ed25519 .*\n {2}refused {2}ssh-rsa .*\n {2}a key is not among the given/,
  );
  t.true(stdout.includes(`refused  ssh-ed25519  ${third}`), stdout);
  t.is((await knownText()).match(/^\|1\|/gm)?.length, 3);
});

test('--json prints one document: outcome, keys and error of each host', async t => {
  const { run, servers, setKnown, known } = await fleet(t, HOST_KEYS, HOST_KEYS);
  await setKnown(line(servers[1], OTHER));
  const { exitCode, stdout } = await run('trust', '-i', 'hosts.ini', '--yes', '--json');
  const report = JSON.parse(stdout);
  t.deepEqual([exitCode, report.exitCode, report.command], [1, 1, 'trust']);
  t.deepEqual(report.totals, {
    ...{ ok: 0, changed: 1, drifted: 0, skipped: 0, cancelled: 0, unreachable: 1, failed: 1 },
  });
  const [ed, rsa] = prints(servers[0]);
  const { 'kvm-01': good, 'kvm-02': changed, gone } = report.hosts;
  t.deepEqual([good.outcome, good.port, good.error], ['changed', servers[0]?.port, null]);
  t.deepEqual(good.keys, [
    { type: 'ssh-ed25519', fingerprint: ed, state: 'recorded', onRecord: [] },
    { type: 'ssh-rsa', fingerprint: rsa, state: 'recorded', onRecord: [] },
  ]);
  t.deepEqual(good.changes[0], {
    resource: 'host-key',
    id: `[127.0.0.1]:${servers[0]?.port} ssh-ed25519`,
    action: 'record',
    before: null,
    after: ed,
  });
  t.deepEqual([changed.outcome, changed.error.kind, changed.changes], ['failed', 'host-key-changed', []]);
  t.deepEqual(changed.keys[0].onRecord, [
    { type: 'ssh-ed25519', fingerprint: fingerprint(OTHER.getPublicSSH()), file: known, line: 1 },
  ]);
  t.deepEqual([gone.outcome, gone.error.kind, gone.keys], ['unreachable', 'refused', []]);
});

test('--known-hosts takes the keys into another file, which may be new; --limit narrows', async t => {
  const { run, folder, knownText } = await fleet(t, HOST_KEYS, HOST_KEYS);
  const args = ['-i', 'hosts.ini', '--known-hosts', 'known', '-l', 'kvm-02'];
  const { exitCode, stdout } = await run('trust', ...args, '--yes');
  t.is(exitCode, 0);
  t.regex(stdout, /recorded 2 keys of 1 host in known\n1 host: 1 changed$/);
  t.is((await readFile(join(folder, 'known'), 'utf8')).split('\n').length, 3);
  t.is(await knownText(), '');
});

test('two trusts at once lose no key', async t => {
  const { run, knownText } = await fleet(t, ...Array.from({ length: 6 }, () => HOST_KEYS));
  const patterns = ['kvm-01,kvm-02,kvm-03', 'kvm-04,kvm-05,kvm-06', 'hypervisors'];
  const ran = await Promise.all(patterns.map(pattern => run('trust', pattern, '-i', 'hosts.ini', '--yes')));
  t.deepEqual(
    ran.map(({ exitCode }) => exitCode),
    [0, 0, 0],
  );
  t.is((await knownText()).match(/^\|1\|/gm)?.length, 12);
});

test('a run gathers the hosts with unknown keys in one list, with the command to type; --json keeps an error each', async t => {
  const { run, servers } = await fleet(t, HOST_KEYS, HOST_KEYS);
  const { exitCode, stdout, stderr } = await run('check', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 4);
  t.regex(
    stderr,
    /\nNext: hookfleet trust hypervisors -i hosts\.ini\nThen: hookfleet check site\.yml -i hosts\.ini$/,
  );
  const [ed] = prints(servers[0]);
  t.is(stdout.match(/unreachable/g)?.length, 2, 'one heading, and the totals');
  for (const [i, { port }] of servers.entries()) {
    t.true(stdout.includes(`kvm-0${i + 1}  127.0.0.1  ${port}  ssh-ed25519  ${ed}`), stdout);
  }
  t.true(stdout.includes('\n    hookfleet trust hypervisors -i hosts.ini\n'), stdout);

  const { hosts } = JSON.parse((await run('check', 'site.yml', '-i', 'hosts.ini', '--json')).stdout);
  t.is(hosts['kvm-02'].error.kind, 'host-key-unknown');
  t.true(hosts['kvm-02'].error.message.includes(ed), hosts['kvm-02'].error.message);
  t.true(
    hosts['kvm-02'].error.hint.endsWith('then: hookfleet trust kvm-02 -i hosts.ini'),
    hosts['kvm-02'].error.hint,
  );
});

test('accept-new is named when a run starts, and a note says which key was recorded', async t => {
  const { run, servers, knownText, folder } = await fleet(t, HOST_KEYS, HOST_KEYS);
  await appendFile(join(folder, 'hosts.ini'), '[hypervisors:vars]\nhookfleet_host_key_checking=accept-new\n');
  const strict = await run(
    'check',
    'site.yml',
    '-i',
    'hosts.ini',
    '--host-key-checking',
    'strict',
    '-l',
    'kvm-01',
  );
  t.regex(strict.stderr, /^host keys: accept-new for 1 host: /, 'the inventory is stronger');
  t.regex(
    strict.stdout,
    /^a host key was new and was recorded \(accept-new\) in \S+known_hosts:\n {4}kvm-01 /,
  );
  t.true(strict.stdout.includes(prints(servers[0])[0] ?? ''), strict.stdout);
  const { stderr, stdout } = await run('check', 'site.yml', '-i', 'hosts.ini', '--json');
  t.regex(stderr, /^host keys: accept-new for 2 hosts: /);
  const { hosts } = JSON.parse(stdout);
  t.deepEqual(hosts['kvm-01'].notes, [], 'known by now');
  t.true(hosts['kvm-02'].notes[0].includes(`(accept-new): ssh-ed25519 ${prints(servers[1])[0]} in `));
  t.is((await knownText()).match(/^\|1\|/gm)?.length, 2);
});

test('--host-key-checking accept-new counts where the inventory says nothing, and is repeated in what to type next', async t => {
  const { run, knownText } = await fleet(t, HOST_KEYS);
  const { stderr } = await run('check', 'site.yml', '-i', 'hosts.ini', '--host-key-checking', 'accept-new');
  t.regex(stderr, /^host keys: accept-new for 1 host: /);
  t.regex(stderr, /Next: hookfleet check .* --host-key-checking accept-new/);
  t.is((await knownText()).match(/^\|1\|/gm)?.length, 1);
});
