import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import ssh2 from 'ssh2';
import { sh } from '../../src/core/sh.ts';
import { knownHostsLine, makeKey } from '../../src/demo/keys.ts';
import { startDemoServer } from '../../src/demo/server.ts';
import { connect } from '../../src/remote/connect.ts';
import type { Identities } from '../../src/remote/login/identities.ts';
import { hostError } from '../remote/faults.ts';
import { knownHostsText } from '../remote/known.ts';

const USER = makeKey();

async function setUp(t: ExecutionContext) {
  const root = await mkdtemp(join(tmpdir(), 'hookfleet-server-'));
  t.teardown(() => rm(root, { recursive: true }));
  const hostKey = makeKey();
  const server = await startDemoServer({
    folders: { root, path: '/usr/bin:/bin' },
    hostKey: hostKey.text,
    userKey: USER.key,
  });
  t.teardown(() => server.close());
  const knownHosts = knownHostsText(knownHostsLine(server.port, hostKey));
  const logIn = (key = USER, user = 'root') =>
    connect(
      { name: 'hv-01', address: '127.0.0.1', port: server.port, user },
      { knownHosts, identities: only(key) },
    );
  return { root, server, logIn };
}

function only({ key }: typeof USER): Identities {
  return { list: async () => [{ kind: 'key', source: 'a key', key }] };
}

const OPTIONS = { become: false, timeoutSeconds: 20, stopAtFailure: false };

test('a script sees the root folder of its host, and nothing of the environment of this machine', async t => {
  const { root, logIn } = await setUp(t);
  await writeFile(join(root, 'mark'), 'hv-01');
  const session = await logIn();
  const [seen, env] = await session.run(
    [sh`cat "$ROOT"/mark ./mark; echo " $ROOT"; exit 7`, sh`env | cut -d= -f1 | sort`],
    OPTIONS,
  );
  t.deepEqual(seen, { stdout: `hv-01hv-01 ${root}\n`, stderr: '', exitCode: 7 });
  t.deepEqual(
    env?.stdout.split('\n').filter(name => !/^(OLDPWD|PWD|SHLVL|_|)$/.test(name)),
    ['LC_ALL', 'PATH', 'ROOT'],
  );
  session.close();
});

test('only the key of the demo may log in, and only as root', async t => {
  const { logIn } = await setUp(t);
  for (const refused of [logIn(makeKey()), logIn(USER, 'nobody')]) {
    const { outcome, failure } = await hostError(t, refused);
    t.deepEqual([outcome, failure.kind], ['unreachable', 'authentication']);
  }
});

test('a command that is not hookfleet’s does not run: it would reach the files of this machine', async t => {
  const { root, server } = await setUp(t);
  const told = await new Promise<string>((resolve, reject) => {
    const client = new ssh2.Client();
    let text = '';
    client.on('error', reject).connect({
      host: '127.0.0.1',
      port: server.port,
      username: 'root',
      privateKey: USER.text,
    });
    client.on('ready', () =>
      client.exec(`touch ${root}/touched`, (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        channel.stderr.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        channel.on('close', (code: number) => {
          client.end();
          resolve(`${code} ${text}`);
        });
        channel.resume();
      }),
    );
  });
  t.regex(told, /^1 This host is simulated and runs hookfleet's scripts alone\. Its disk is /);
  await t.throwsAsync(access(join(root, 'touched')));
});

test('a script that takes too long is ended with all that it has started', async t => {
  const { root, logIn } = await setUp(t);
  const session = await logIn();
  const { failure } = await hostError(
    t,
    session.run([sh`sleep 2 && : >late`], { ...OPTIONS, timeoutSeconds: 1 }),
  );
  t.is(failure.kind, 'timeout');
  await new Promise(resolve => setTimeout(resolve, 1500));
  await t.throwsAsync(access(join(root, 'late')));
  session.close();
});

test('a server that is closed ends the scripts that still run', async t => {
  const { root, server, logIn } = await setUp(t);
  const session = await logIn();
  const ended = hostError(t, session.run([sh`: >begun; sleep 1; : >late`], OPTIONS));
  while (
    !(await access(join(root, 'begun')).then(
      () => true,
      () => false,
    ))
  ) {
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  await server.close();
  t.is((await ended).failure.kind, 'connection-lost');
  await new Promise(resolve => setTimeout(resolve, 1200));
  await t.throwsAsync(access(join(root, 'late')));
});
