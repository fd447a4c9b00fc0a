import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { makeCa } from '../../engine/client/stand-in/certificates.ts';
import { type ApiWish, startApi } from '../../engine/client/stand-in/stand-in.ts';
import { BIN } from '../program.ts';

const PASSWORD = 'a&secret of the engine';

/** A folder, an engine, and the program itself, as it is built. */
async function setUp(t: ExecutionContext, wish: ApiWish = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-cli-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const engine = await startApi(t, {
    hosts: [{ name: 'kvm-01', address: '127.0.0.1' }],
    password: PASSWORD,
    ...wish,
  });
  const write = async (name: string, text: string, mode = 0o600) => {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), mode);
  };
  await write('ca.pem', engine.ca);
  await write('password', `${PASSWORD}\n`);
  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { stdout, stderr, exitCode } = await execa(process.execPath, [BIN, ...args], {
      cwd: folder,
      env: { HOME: folder, SSH_AUTH_SOCK: undefined, NO_COLOR: '1', ...env },
      reject: false,
      stdin: 'ignore',
    });
    t.false(`${stdout}${stderr}`.includes(PASSWORD), 'the password is in no output');
    return { stdout, stderr, exitCode };
  };
  const source = `engine+${engine.url}`;
  const login = ['--engine-user', engine.user, '--engine-ca', 'ca.pem'];
  return { folder, engine, write, run, source, login, list: ['inventory', '--graph', '-i', source] };
}

test('user, password and authority come from options, the environment and the settings', async t => {
  const { engine, run, write, list, login, source } = await setUp(t);
  const ways: readonly (readonly [readonly string[], Readonly<Record<string, string>>])[] = [
    [[...list, ...login, '--engine-password-file', 'password'], {}],
    [[...list, ...login], { HOOKFLEET_ENGINE_PASSWORD: PASSWORD }],
    [
      list,
      {
        HOOKFLEET_ENGINE_USER: engine.user,
        HOOKFLEET_ENGINE_CA: 'ca.pem',
        HOOKFLEET_ENGINE_PASSWORD_FILE: 'password',
      },
    ],
    [['inventory', '--graph', '--config', 'all.cfg'], {}],
  ];
  await write(
    'all.cfg',
    `[defaults]\ninventory = ${source}\nengine_user = ${engine.user}\nengine_password_file = password\nengine_ca = ca.pem\n`,
  );
  for (const [args, env] of ways) {
    const { stdout, stderr, exitCode } = await run(args, env);
    t.is(exitCode, 0, stderr);
    t.regex(stdout, /--@cluster_Default:\n.*--kvm-01/);
  }
  t.is(engine.logins.counts.in, ways.length);
  t.is(engine.logins.counts.out, ways.length);
});

test('a password file that is typed goes before the password of the environment, and that before the settings', async t => {
  const { run, write, list, login } = await setUp(t);
  await write('wrong', 'wrong\n');
  await write('hookfleet.cfg', '[defaults]\nengine_password_file = wrong\n');
  const right = { HOOKFLEET_ENGINE_PASSWORD: PASSWORD };
  t.is((await run([...list, ...login], right)).exitCode, 0);
  t.is((await run([...list, ...login, '--engine-password-file', 'wrong'], right)).exitCode, 2);
});

test('without a user, a password or a terminal to ask on it ends before anybody is asked', async t => {
  const { engine, run, write, list, login } = await setUp(t);
  const told = async (args: readonly string[], env = {}) => {
    const { stdout, stderr, exitCode } = await run(args, env);
    t.deepEqual([exitCode, stdout], [2, '']);
    return stderr;
  };
  t.regex(await told(list), /no user is named for the engine's API\n {2}Give --engine-user/);
  t.regex(
    await told([...list, ...login]),
    /there is no password for admin@internal .*\n {2}Give --engine-password-file FILE/,
  );
  await write('open', PASSWORD, 0o644);
  t.regex(
    await told([...list, ...login, '--engine-password-file', 'open']),
    /everybody on this machine can read/,
  );
  await write('none.pem', 'nothing');
  const env = { HOOKFLEET_ENGINE_PASSWORD: PASSWORD };
  t.regex(
    await told([...list, '--engine-user', 'a@b', '--engine-ca', 'none.pem'], env),
    /none\.pem: there is no certificate/,
  );
  t.regex(
    await told([...list, '--engine-user', 'a@b', '--engine-ca', 'gone.pem'], env),
    /gone\.pem: the authority's certificate cannot be read/,
  );
  t.deepEqual(engine.requests, []);
});

test('an engine that cannot be asked, or does not take the login, is an input error before any host is touched', async t => {
  const { engine, run, write, source, login } = await setUp(t);
  await write('site.yml', '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n');
  const check = ['check', 'site.yml', '-i', source, '-v'];
  const wrong = await run([...check, ...login], { HOOKFLEET_ENGINE_PASSWORD: 'wrong' });
  t.deepEqual([wrong.exitCode, wrong.stdout], [2, '']);
  t.regex(wrong.stderr, /^engine\+https:\S+: The engine refuses the login of admin@internal: /);
  await write('other.pem', (await makeCa('another')).cert);
  const env = { HOOKFLEET_ENGINE_PASSWORD: PASSWORD, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const untrusted = await run([...check, '--engine-user', engine.user, '--engine-ca', 'other.pem'], env);
  t.is(untrusted.exitCode, 2);
  t.regex(untrusted.stderr, /The engine's certificate is not signed by the given authority/);
  t.deepEqual(
    engine.requests.map(({ path }) => path),
    ['/ovirt-engine/sso/oauth/token'],
  );
});

test('what hookfleet starts does not get the password of the environment', async t => {
  const { folder, run, write, list, login } = await setUp(t);
  await write('program', '#!/bin/sh\nenv >seen\necho {}\n', 0o700);
  const { exitCode, stderr } = await run([...list, ...login, '-i', 'program'], {
    HOOKFLEET_ENGINE_PASSWORD: PASSWORD,
  });
  t.is(exitCode, 0, stderr);
  const seen = await readFile(join(folder, 'seen'), 'utf8');
  t.regex(seen, /^HOME=/m);
  t.false(seen.includes('HOOKFLEET_ENGINE_PASSWORD'));
});

test('proxies of the environment are not heeded', async t => {
  const { run, list, login } = await setUp(t);
  const proxy = 'http://127.0.0.1:1';
  const env = {
    HOOKFLEET_ENGINE_PASSWORD: PASSWORD,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    ALL_PROXY: proxy,
  };
  t.is((await run([...list, ...login], env)).exitCode, 0);
});

test('a run on hosts of an engine leaves no password behind, and names the engine in the next command', async t => {
  const { folder, run, write, source, login } = await setUp(t);
  await write('site.yml', '- hosts: cluster_Default\n  become: true\n  vdsm_hooks: [diskunmap]\n');
  await write('port.ini', '[hypervisors]\n[hypervisors:vars]\nansible_port=1\n');
  const args = [
    'check',
    'site.yml',
    '-i',
    source,
    '-i',
    'port.ini',
    ...login,
    '--engine-password-file',
    'password',
  ];
  const { stderr, stdout, exitCode } = await run([
    ...args,
    '-v',
    '--connect-tries',
    '1',
    '--record',
    'records',
  ]);
  t.is(exitCode, 4, stderr);
  t.true(`${stdout}${stderr}`.includes(`-i ${source}`), stderr);
  t.regex(`${stdout}${stderr}`, /--engine-user admin@internal --engine-password-file \S+ --engine-ca \S+/);
  const files = await readdir(join(folder, 'records'), { recursive: true, withFileTypes: true });
  t.true(files.length > 0);
  for (const file of files.filter(one => one.isFile())) {
    t.false((await readFile(join(file.parentPath, file.name), 'utf8')).includes(PASSWORD));
  }
});

test('the address must be one of https without a password in it', async t => {
  const { run, list } = await setUp(t);
  for (const url of ['http://engine.example.org', 'engine.example.org', 'https://a:b@engine.example.org']) {
    const { stderr, exitCode } = await run([...list, '--engine-url', url]);
    t.is(exitCode, 2);
    t.regex(stderr, /It must be https:\/\/NAME or https:\/\/NAME:PORT/);
  }
});
