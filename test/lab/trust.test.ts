import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { BIN, type Control, makeControl } from './fleet.ts';
import { type HostOptions, type LabHost, startLightHost } from './host.ts';
import { labKeys } from './keys.ts';

const CHECK = ['check', 'site.yml', '-i', 'hosts.ini'];
const ALL_TYPES = { hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] } as const;

async function light(t: ExecutionContext, options: HostOptions = {}): Promise<LabHost> {
  const host = await startLightHost(options);
  t.teardown(() => host.stop());
  return host;
}

/** A control machine that knows no host key yet. */
async function stranger(t: ExecutionContext, hypervisors: readonly LabHost[]) {
  const control = await makeControl({ hypervisors });
  t.teardown(() => control.remove());
  const known = join(control.folder, 'home/.ssh/known_hosts');
  await rm(known);
  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks:\n    - name: diskunmap\n      state: absent\n',
  );
  return { control, known, knownText: () => readFile(known, 'utf8').catch(() => '') };
}

/** Logs in with the system's own ssh, which must find the key in the file. */
async function realSsh(host: LabHost, known: string, ...options: readonly string[]) {
  const settings = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${known}`,
    'GlobalKnownHostsFile=/dev/null',
    ...options,
  ];
  return execa(
    'ssh',
    [
      ...['-F', 'none', '-i', labKeys().privateKeyFile],
      ...settings.flatMap(setting => ['-o', setting]),
      ...[`ops@${host.address}`, 'id -un'],
    ],
    { reject: false, stdin: 'ignore' },
  );
}

function outcomes(report: Awaited<ReturnType<Control['json']>>['report']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(report.hosts).map(([name, { outcome, error }]) => [
      name,
      `${outcome} ${error?.kind ?? ''}`.trim(),
    ]),
  );
}

test('what trust records is good for hookfleet and for ssh itself, by each key type that the host has', async t => {
  const hosts = await Promise.all([
    light(t, { name: 'many', ...ALL_TYPES }),
    light(t, { name: 'rsa', hostKeyTypes: ['rsa'] }),
  ]);
  const [many, rsa] = hosts;
  const { control, known, knownText } = await stranger(t, hosts);
  const before = await control.json(...CHECK);
  t.deepEqual(outcomes(before.report), {
    many: 'unreachable host-key-unknown',
    rsa: 'unreachable host-key-unknown',
  });
  const { exitCode, stdout } = await control.run('trust', '-i', 'hosts.ini', '--yes');
  t.is(exitCode, 0, stdout);
  for (const host of hosts) {
    for (const key of host.hostKeys) {
      const { stdout: shown } = await execa('ssh-keygen', ['-lf', '-'], { input: key });
      t.true(stdout.includes(shown.split(' ')[1] ?? 'nothing'), stdout);
    }
    t.true((await host.sshLog()).execs === 0);
  }
  t.is((await knownText()).match(/^\|1\|/gm)?.length, 4);
  const after = await control.json(...CHECK);
  t.deepEqual(outcomes(after.report), { many: 'ok', rsa: 'ok' }, after.stderr);
  for (const [host, algorithm] of [
    [many, 'ssh-ed25519'],
    [many, 'ecdsa-sha2-nistp256'],
    [many, 'rsa-sha2-512'],
    [rsa, 'rsa-sha2-256'],
  ] as const) {
    const { stdout: user, stderr } = await realSsh(host, known, `HostKeyAlgorithms=${algorithm}`);
    t.is(user, 'ops', `${algorithm}: ${stderr}`);
  }
});

test('a host with all key types that is on record with its RSA key alone is known, signed with SHA-2', async t => {
  const host = await light(t, { name: 'many', ...ALL_TYPES });
  const { control, known } = await stranger(t, [host]);
  for (const type of ['ssh-rsa', 'ecdsa-sha2-nistp256', 'ssh-ed25519']) {
    const key = host.hostKeys.find(one => one.startsWith(type));
    await writeFile(known, `${host.address} ${key}\n`);
    const { report, stderr } = await control.json(...CHECK);
    t.deepEqual(outcomes(report), { many: 'ok' }, `${type}: ${stderr}`);
  }
});

test('a host that is installed anew is refused, and known again after the commands that the error names', async t => {
  const host = await light(t, { name: 'anew' });
  const { control, known, knownText } = await stranger(t, [host]);
  await control.run('trust', '-i', 'hosts.ini', '--yes');
  const other = join(control.folder, 'other');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
  const [, key] = (await readFile(`${other}.pub`, 'utf8')).split(' ');
  const genuine = await knownText();
  await writeFile(known, genuine.replace(/(ssh-ed25519) \S+/, `$1 ${key}`));

  const { report } = await control.json(...CHECK);
  t.deepEqual(outcomes(report), { anew: 'unreachable host-key-changed' });
  const { message = '', hint } = report.hosts.anew?.error ?? {};
  t.is(message.match(/SHA256:/g)?.length, 2, message);
  t.true(message.includes(`(${known}:1)`), message);
  const refused = await control.run('trust', '-i', 'hosts.ini', '--yes');
  t.is(refused.exitCode, 1, refused.stdout);
  t.is(await knownText(), genuine.replace(/(ssh-ed25519) \S+/, `$1 ${key}`), 'nothing is overwritten');

  const typed =
    hint
      ?.split(': ')
      .at(-2)
      ?.replace(/; then$/, '') ?? '';
  t.regex(typed, /^ssh-keygen -R /);
  await execa('sh', ['-c', typed]);
  t.regex(hint ?? '', /; then: hookfleet trust -i hosts\.ini$/);
  t.is((await control.run('trust', '-i', 'hosts.ini', '--yes')).exitCode, 0);
  t.deepEqual(outcomes((await control.json(...CHECK)).report), { anew: 'ok' });
});

test('an authority of host certificates alone is not enough: the error says so, and trust helps', async t => {
  const host = await light(t, { name: 'signed' });
  const { control, known } = await stranger(t, [host]);
  const ca = join(control.folder, 'ca');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', ca]);
  const hostKey = join(host.root, 'etc/ssh/ssh_host_ed25519_key');
  await execa('ssh-keygen', ['-q', '-s', ca, '-I', 'signed', '-h', '-n', host.address, `${hostKey}.pub`]);
  await host.exec(
    'echo "HostCertificate /etc/ssh/ssh_host_ed25519_key-cert.pub" >> /etc/ssh/sshd_config; pkill -HUP -o -x sshd',
  );
  await writeFile(known, `@cert-authority ${host.address} ${await readFile(`${ca}.pub`, 'utf8')}`);
  t.is((await realSsh(host, known)).stdout, 'ops', 'ssh itself goes by the certificate');

  const { report } = await control.json(...CHECK);
  const { error } = report.hosts.signed ?? {};
  t.is(error?.kind, 'host-key-unknown');
  t.regex(error?.message ?? '', /known only by an authority that signs host certificates: @cert-authority/);
  t.regex(error?.hint ?? '', /^host certificates are not supported, .*hookfleet trust -i hosts\.ini$/);
  t.is((await control.run('trust', '-i', 'hosts.ini', '--yes')).exitCode, 0);
  t.deepEqual(outcomes((await control.json(...CHECK)).report), { signed: 'ok' });
});

test('accept-new: the first run records the keys and says which, the next knows them', async t => {
  const hosts = await Promise.all(['one', 'two', 'three'].map(name => light(t, { name })));
  const { control, known } = await stranger(t, hosts);
  const first = await control.json(...CHECK, '--host-key-checking', 'accept-new');
  t.deepEqual(outcomes(first.report), { one: 'ok', two: 'ok', three: 'ok' }, first.stderr);
  t.regex(first.stderr, /^host keys: accept-new for 3 hosts: /);
  for (const { notes } of Object.values(first.report.hosts)) {
    t.regex(notes[0] ?? '', /recorded \(accept-new\): ssh-ed25519 SHA256:\S+ in \S+known_hosts$/);
  }
  t.deepEqual(outcomes((await control.json(...CHECK)).report), { one: 'ok', two: 'ok', three: 'ok' });
  t.is((await realSsh(hosts[0] as LabHost, known)).stdout, 'ops');
});

/** Runs trust on a terminal of its own, and types when it asks. */
async function onTerminal({ folder }: Control, typed: string) {
  const command = [process.execPath, BIN, 'trust', '-i', 'hosts.ini'].map(word => `'${word}'`).join(' ');
  const running = execa('script', ['-qefc', command, '/dev/null'], {
    cwd: folder,
    env: { HOME: join(folder, 'home'), SSH_AUTH_SOCK: undefined, TERM: 'xterm', CI: undefined },
    reject: false,
    timeout: 60_000,
  });
  let screen = '';
  running.stdout?.on('data', chunk => {
    screen += chunk;
    if (screen.endsWith('[y/N] ')) {
      running.stdin?.write(typed);
    }
  });
  const { exitCode } = await running;
  return { screen, exitCode };
}

test('on a terminal trust asks: no records nothing, yes does, and where all is known there is no question', async t => {
  const host = await light(t, { name: 'one' });
  const { control, knownText } = await stranger(t, [host]);
  const no = await onTerminal(control, 'n\n');
  t.is(no.exitCode, 3, no.screen);
  t.regex(no.screen, /Record these 2 keys of one host in \S+known_hosts\? \[y\/N\]/);
  t.is(await knownText(), '');
  const interrupted = await onTerminal(control, '\u0003');
  t.is(interrupted.exitCode, 130, interrupted.screen);
  t.is(await knownText(), '');
  const yes = await onTerminal(control, 'y\n');
  t.is(yes.exitCode, 0, yes.screen);
  t.regex(yes.screen, /recorded 2 keys of 1 host/);
  const known = await onTerminal(control, '');
  t.is(known.exitCode, 0, known.screen);
  t.false(known.screen.includes('[y/N]'));
});

test('trust goes through jump hosts, once they are trusted themselves', async t => {
  const [gate, inner] = await Promise.all([light(t, { name: 'gate' }), light(t, { name: 'inner' })]);
  const { control, knownText } = await stranger(t, [inner]);
  const args = ['trust', '-i', 'hosts.ini', '-J', `ops@${gate.address}`];
  const { exitCode, stdout } = await control.run(...args, '--yes');
  t.is(exitCode, 0, stdout);
  t.is((await knownText()).match(/^\|1\|/gm)?.length, 4);
  t.true(stdout.indexOf(gate.address) < stdout.indexOf(inner.address), stdout);
  t.regex(await gate.sshLogText(), /Accepted publickey for ops/, 'by way of it');
  t.notRegex(await inner.sshLogText(), /Accepted|Failed/, 'no login is tried on the host itself');
  await rm(join(control.folder, 'home/.ssh/known_hosts'));
  await control.write('prints', `SHA256:${'A'.repeat(43)}\n`);
  const refused = await control.json(...args, '--fingerprints', 'prints');
  t.is(refused.exitCode, 1);
  t.deepEqual(outcomes(refused.report), { inner: 'unreachable jump-host' });
  t.is(await knownText(), '');
});

test("a jump host's unknown key stands in the run's list, and the command that is named mends it", async t => {
  const [gate, one, two] = await Promise.all(['gate', 'one', 'two'].map(name => light(t, { name })));
  if (!gate || !one || !two) {
    return t.fail();
  }
  const { control } = await stranger(t, [one, two]);
  const args = [...CHECK, '-J', `ops@${gate.address}`];
  const { exitCode, stdout } = await control.run(...args);
  t.is(exitCode, 4);
  t.is(stdout.match(/SHA256:/g)?.length, 1, stdout);
  t.regex(stdout, new RegExp(`\\n {4}${gate.address} +${gate.address} +22 +ssh-ed25519 +SHA256:`), stdout);
  const typed = /^ {4}hookfleet (trust .*)$/m.exec(stdout)?.[1] ?? '';
  t.is(typed, `trust -i hosts.ini -J ops@${gate.address}`);
  t.is((await control.run(...typed.split(' '), '--yes')).exitCode, 0);
  t.deepEqual(outcomes((await control.json(...args)).report), { one: 'ok', two: 'ok' });
});
