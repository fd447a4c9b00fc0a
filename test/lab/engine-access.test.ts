import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { openEngine } from '../../src/cli/engine/engine-access.ts';
import { HostError } from '../../src/core/failure.ts';
import { Secret } from '../../src/core/secret.ts';
import { makeCa } from '../engine/client/stand-in/certificates.ts';
import { startApi } from '../engine/client/stand-in/stand-in.ts';
import { BIN, makeControl } from './fleet.ts';
import { startLightHost } from './host.ts';
import { labKeys, writeKnownHosts } from './keys.ts';

/** An engine: its host with SSH, and its API. */
async function setUp(t: ExecutionContext) {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-access-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const [host, engine] = await Promise.all([
    startLightHost({ name: 'engine' }),
    startApi(t, { hosts: [{ name: 'kvm-01' }] }),
  ]);
  t.teardown(() => host.stop());
  const knownHosts = join(folder, 'known_hosts');
  await writeKnownHosts([host], knownHosts);
  const inventory = join(folder, 'hosts.ini');
  await writeFile(
    inventory,
    `[engine]\nengine ansible_host=${host.address} ansible_user=ops engine_url=${engine.url}\n`,
  );
  const pki = join(host.root, 'etc/pki/ovirt-engine');
  await mkdir(pki, { recursive: true });
  const open = () =>
    openEngine({
      inventory: [inventory],
      engineUser: engine.user,
      enginePassword: new Secret(engine.password),
      knownHosts,
      privateKey: labKeys().privateKeyFile,
      sshConfig: 'none',
    });
  const names = async () => {
    const api = await open();
    try {
      return (await api.list('/hosts', 'host')).length;
    } finally {
      await api.close();
    }
  };
  return { host, engine, pki, names, folder };
}

test('the authority of the engine is read on its host: apache-ca.pem, else ca.pem', async t => {
  const { host, engine, pki, names } = await setUp(t);
  const other = await makeCa('of the hosts');
  await writeFile(join(pki, 'ca.pem'), engine.ca);
  await symlink('ca.pem', join(pki, 'apache-ca.pem'));
  await host.resetSshLog();
  t.is(await names(), 1);
  t.deepEqual(await host.sshLog(), { connections: 1, execs: 1 });
  await rm(join(pki, 'apache-ca.pem'));
  t.is(await names(), 1);
  await writeFile(join(pki, 'ca.pem'), other.cert);
  await writeFile(join(pki, 'apache-ca.pem'), engine.ca);
  t.is(await names(), 1);
  await rm(join(pki, 'apache-ca.pem'));
  await t.throwsAsync(names(), { message: /not signed by the given authority/ });
  await rm(join(pki, 'ca.pem'));
  await t.throwsAsync(names(), { message: /not signed by an authority that this system trusts/ });
});

test('an engine host that cannot be reached is told, and its API is not asked', async t => {
  const { host, engine, names } = await setUp(t);
  await host.stop();
  const error = await t.throwsAsync(names(), { instanceOf: HostError });
  t.is(error?.outcome, 'unreachable');
  t.deepEqual(engine.requests, []);
});

test('on a terminal the password is asked for, once for two engines, and is not shown', async t => {
  const engines = await Promise.all(['a', 'b'].map(name => startApi(t, { hosts: [{ name }] })));
  const control = await makeControl({});
  t.teardown(() => control.remove());
  await control.write('ca.pem', engines[0]?.ca ?? '');
  const words = [
    'inventory',
    ...engines.flatMap(({ url }) => ['-i', `engine+${url}`]),
    '--graph',
    'status_up',
  ];
  const args = [process.execPath, BIN, ...words, '--engine-user', 'admin@internal', '--engine-ca', 'ca.pem'];
  const running = execa('script', ['-qefc', args.map(word => `'${word}'`).join(' '), '/dev/null'], {
    cwd: control.folder,
    env: { HOME: join(control.folder, 'home'), TERM: 'xterm', CI: undefined },
    reject: false,
    timeout: 60_000,
  });
  let screen = '';
  running.stdout?.on('data', chunk => {
    screen += chunk;
    if (screen.endsWith('Password of admin@internal at the engine: ')) {
      running.stdin?.write(`${engines[0]?.password}\r`);
    }
  });
  t.is((await running).exitCode, 0, screen);
  t.regex(screen, /--a\r?\n.*--b\r?\n/);
  t.is(screen.split('Password of').length, 2);
  t.false(screen.includes(engines[0]?.password ?? ''));
});
