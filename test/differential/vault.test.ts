import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { formatProblem, InputError } from '../../src/core/input-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { explainHost } from '../../src/inventory/explain.ts';
import { exportHost } from '../../src/inventory/export.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { openHosts } from '../../src/inventory/open-vaulted.ts';
import { makeVault } from '../../src/inventory/vault.ts';
import { findProgram, plainEnvironment } from './ansible.ts';
import { writeCase } from './compare.ts';

const BIN = fileURLToPath(new URL('../../bin/hookfleet.js', import.meta.url));
const { env } = plainEnvironment();
const DEFAULTS = { homeFolder: '/home/me', workingFolder: '/work' };

async function encrypt(passwordFile: string, text: string, ...more: readonly string[]): Promise<string> {
  const argv = [
    'encrypt',
    ...more,
    ...(more.length > 0 ? [] : [`--vault-password-file=${passwordFile}`]),
    '--output=-',
  ];
  const { stdout } = await execa(findProgram('ansible-vault') ?? '', argv, {
    input: text,
    env,
    extendEnv: false,
  });
  return stdout;
}

const inline = (ciphertext: string) => `!vault |\n${ciphertext.replaceAll(/^/gm, '  ')}\n`;

const PASSWORDS = { password: 'open sesame\n', other: 'something else\n' };

/** Encrypted once for all tests. */
async function encryptAll() {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-encrypt-'));
  for (const [name, text] of Object.entries(PASSWORDS)) {
    writeFileSync(join(folder, name), text);
  }
  const [own, other] = [join(folder, 'password'), join(folder, 'other')];
  const files = {
    'group_vars/web/plain.yml': `ansible_become_password: ${inline(await encrypt(own, 's3cret'))}app_token: ${inline(await encrypt(other, 'never opened'))}`,
    'group_vars/web/vault.yml': await encrypt(own, 'ansible_user: hidden\nansible_password: pa55\n'),
    'host_vars/d1.yml': await encrypt(other, 'ansible_user: x\n'),
  };
  rmSync(folder, { recursive: true });
  return files;
}

let encrypted: ReturnType<typeof encryptAll> | undefined;

/** An inventory with an encrypted value, an encrypted file, and one that cannot be opened and is for nobody of a run. */
async function setUp(t: ExecutionContext) {
  encrypted ??= encryptAll();
  const folder = writeCase(t, {
    files: { ...PASSWORDS, ...(await encrypted), hosts: '[web]\nw1\nw2\n[db]\nd1\n' },
  });
  const passwordFile = join(folder, 'password');
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const vault = (passwordFiles: readonly string[]) => makeVault({ passwordFiles, ids: [], environment: env });
  const load = (passwordFiles: readonly string[]) =>
    loadInventory([join(folder, 'hosts')], { vault: vault(passwordFiles) });
  return { folder, passwordFile, load, write };
}

async function told(folder: string, act: () => Promise<unknown>): Promise<string> {
  const error = await act().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof InputError
    ? error.problems.map(formatProblem).join('\n').replaceAll(`${folder}/`, '')
    : String(error);
}

test('what a run needs is opened, and nothing else', async t => {
  const { load, passwordFile } = await setUp(t);
  const [host] = await openHosts(await load([passwordFile]), ['w1'], DEFAULTS);
  t.is(host?.user, 'hidden');
  t.is(host?.password?.reveal(), 'pa55');
  t.is(host?.becomePassword?.reveal(), 's3cret');
});

test('an opened value is never in an error', async t => {
  const { load, folder, passwordFile, write } = await setUp(t);
  write(
    'host_vars/w2.yml',
    await encrypt(passwordFile, 'ansible_port: s3cret-port\nansible_host: "{{ s3cret }}"\n'),
  );
  const message = await told(folder, async () => openHosts(await load([passwordFile]), ['w2'], DEFAULTS));
  t.regex(message, /^host_vars\/w2\.yml:1:1: ansible_port=\[redacted\]: not a port/);
  t.notRegex(message, /s3cret/);
});

test('an export opens nothing: values stay encrypted, encrypted files are left out', async t => {
  const { load, passwordFile } = await setUp(t);
  const inventory = await load([passwordFile]);
  const { ansible_become_password: value, ...others } = JSON.parse(exportHost(inventory, 'w1'));
  t.regex(value.__ansible_vault, /^\$ANSIBLE_VAULT;1\.1;AES256\n/);
  t.deepEqual(Object.keys(others), ['app_token']);
  t.notRegex(explainHost(inventory, 'w1'), /s3cret|pa55|hidden/);
});

test('without a password, and with a wrong one, a run ends before any host is contacted', async t => {
  const { load, folder } = await setUp(t);
  t.is(
    await told(folder, async () => openHosts(await load([]), ['w1', 'w2'], DEFAULTS)),
    [
      'group_vars/web/vault.yml: The file is encrypted with ansible-vault',
      '  Say how to open it: --vault-password-file FILE, --vault-id LABEL@FILE or --ask-vault-pass',
      'group_vars/web/plain.yml:1:1: ansible_become_password is encrypted with ansible-vault',
      '  Say how to open it: --vault-password-file FILE, --vault-id LABEL@FILE or --ask-vault-pass',
    ].join('\n'),
  );
  const message = await told(folder, async () =>
    openHosts(await load([join(folder, 'other')]), ['w1'], DEFAULTS),
  );
  t.regex(
    message,
    /^group_vars\/web\/vault\.yml: The password of ansible-vault that was given does not open what stands here\n {2}It was encrypted with another one/,
  );
  t.is(
    await told(folder, async () => openHosts(await load([]), ['d1'], DEFAULTS)).then(
      text => text.split('\n').length,
    ),
    2,
  );
});

test('a password that was asked for goes to ansible-vault by a pipe, and is asked for once', async t => {
  const { folder } = await setUp(t);
  let asked = 0;
  const vault = makeVault({
    passwordFiles: [],
    ids: [],
    environment: env,
    ask: async () => {
      asked += 1;
      return new Secret('open sesame');
    },
  });
  const inventory = await loadInventory([join(folder, 'hosts')], { vault });
  t.is(asked, 0);
  const hosts = await openHosts(inventory, ['w1', 'w2'], DEFAULTS);
  t.deepEqual(
    hosts.map(host => host.becomePassword?.reveal()),
    ['s3cret', 's3cret'],
  );
  t.is(asked, 1);
});

test('values with a label open with --vault-id', async t => {
  const { folder, passwordFile, write } = await setUp(t);
  const id = `prod@${passwordFile}`;
  const ciphertext = await encrypt('', 'labelled', `--vault-id=${id}`, '--encrypt-vault-id=prod');
  t.regex(ciphertext, /^\$ANSIBLE_VAULT;1\.2;AES256;prod/);
  write('host_vars/d1.yml', `ansible_password: ${inline(ciphertext)}`);
  const vault = makeVault({ passwordFiles: [], ids: [id], environment: env });
  const [host] = await openHosts(await loadInventory([join(folder, 'hosts')], { vault }), ['d1'], DEFAULTS);
  t.is(host?.password?.reveal(), 'labelled');
});

test('an encrypted inventory is opened with the password, and none of its values is shown', async t => {
  const { folder, passwordFile } = await setUp(t);
  writeFileSync(join(folder, 'closed'), await encrypt(passwordFile, '[app]\na1 ansible_user=hidden\n'));
  const vault = makeVault({ passwordFiles: [passwordFile], ids: [], environment: env });
  const inventory = await loadInventory([join(folder, 'closed')], { vault });
  t.deepEqual(inventory.groups.get('app')?.hosts, ['a1']);
  t.is(exportHost(inventory, 'a1'), '{\n    "ansible_user": "[redacted]"\n}');
  t.is((await openHosts(inventory, ['a1'], DEFAULTS))[0]?.user, 'hidden');
});

test('where there is no ansible-vault it says so', async t => {
  const { folder, passwordFile } = await setUp(t);
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  for (const name of ['sh', 'cat']) {
    symlinkSync(findProgram(name) ?? '', join(programs, name));
  }
  for (const ask of [undefined, async () => new Secret('open sesame')]) {
    const environment = { ...env, PATH: programs };
    const vault = makeVault({ passwordFiles: [passwordFile], ids: [], environment, ...(ask && { ask }) });
    const inventory = await loadInventory([join(folder, 'hosts')], { vault });
    t.regex(
      await told(folder, () => openHosts(inventory, ['w1'], DEFAULTS)),
      /^group_vars\/web\/vault\.yml: There is no ansible-vault on this machine.*\n {2}Install ansible-core/,
    );
  }
});

test('the program takes the password file, and says what an export leaves out', async t => {
  const { folder, passwordFile } = await setUp(t);
  const { stdout, stderr } = await execa(
    process.execPath,
    [BIN, 'inventory', '-i', join(folder, 'hosts'), '--vault-password-file', passwordFile, '--explain', 'w1'],
    { env, extendEnv: false },
  );
  t.regex(stderr, /group_vars\/web\/vault\.yml: The file is encrypted, and an export opens no secrets/);
  t.regex(stdout, /ansible_become_password +\{"__ansible_vault": /);
});
