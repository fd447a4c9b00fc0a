import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { environmentVariable, SETTINGS, type SettingKey } from '../../../src/cli/settings/settings.ts';
import { BIN, setUp } from '../program.ts';

async function runIn(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = folder,
) {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [BIN, ...args], {
    cwd,
    env: { HOME: folder, XDG_CONFIG_HOME: '', NO_COLOR: '1', SSH_AUTH_SOCK: undefined, ...env },
    reject: false,
    stdin: 'ignore',
  });
  return { stdout, stderr, exitCode };
}

const LIST = ['inventory', '--graph'];
const graphOf = (host: string) => new RegExp(`--${host}\n?`);

test('the first file of --config, HOOKFLEET_CONFIG, this folder, ~/.config/hookfleet holds', async t => {
  const { folder, write } = await setUp(t);
  await mkdir(join(folder, '.config/hookfleet'), { recursive: true });
  await mkdir(join(folder, 'work'));
  for (const name of ['named', 'env', 'here', 'home']) {
    await write(`${name}.ini`, `${name}-host\n`);
  }
  await write('named.cfg', '[defaults]\ninventory = named.ini\n');
  await write('env.cfg', '[defaults]\ninventory = env.ini\n');
  await write('.config/hookfleet/hookfleet.cfg', '[defaults]\ninventory = ~/home.ini\n');
  const run = (args: string[], env = {}) => runIn(folder, args, env, join(folder, 'work'));
  t.regex((await run(LIST)).stdout, graphOf('home-host'));
  await write('work/hookfleet.cfg', '[defaults]\ninventory = ../here.ini\n');
  t.regex((await run(LIST)).stdout, graphOf('here-host'));
  const env = { HOOKFLEET_CONFIG: '../env.cfg' };
  t.regex((await run(LIST, env)).stdout, graphOf('env-host'));
  t.regex((await run([...LIST, '--config', '../named.cfg'], env)).stdout, graphOf('named-host'));
});

test('the command line is stronger than the environment, and that than the file', async t => {
  const { folder, write } = await setUp(t);
  for (const name of ['file', 'env', 'line']) {
    await write(`${name}.ini`, `${name}-host\n`);
  }
  await write('hookfleet.cfg', '[defaults]\ninventory = file.ini\n');
  t.regex((await runIn(folder, LIST)).stdout, graphOf('file-host'));
  const env = { HOOKFLEET_INVENTORY: 'env.ini' };
  t.regex((await runIn(folder, LIST, env)).stdout, graphOf('env-host'));
  t.regex((await runIn(folder, [...LIST, '-i', 'line.ini'], env)).stdout, graphOf('line-host'));
});

test('a flag that the environment sets to false is off, whatever the file says', async t => {
  const { folder, write } = await setUp(t);
  await write('hookfleet.cfg', '[defaults]\nverbose = true\nconnect_tries = 1\n');
  const run = (env = {}) => runIn(folder, ['check', 'site.yml', '-i', 'hosts.ini'], env);
  t.regex((await run()).stderr, /settings: /);
  t.notRegex((await run({ HOOKFLEET_VERBOSE: 'false' })).stderr, /settings: /);
});

test('in a folder that everybody may write to, hookfleet.cfg is passed over, and that is told', async t => {
  const { folder, write } = await setUp(t);
  await write('hookfleet.cfg', '[defaults]\ninventory = hosts.ini\n');
  await chmod(folder, 0o777);
  const { stderr, exitCode } = await runIn(folder, LIST);
  t.is(exitCode, 2);
  t.regex(stderr, /hookfleet\.cfg is passed over: everybody may write to its folder/);
  t.regex(stderr, /no inventory is named/);
  t.is((await runIn(folder, [...LIST, '--config', 'hookfleet.cfg'])).exitCode, 0);
});

for (const [title, text, told] of [
  [
    'an unknown key',
    '[defaults]\nfork = 3\n',
    /hookfleet\.cfg:2: fork is not a setting\n {2}Did you mean forks\?/,
  ],
  [
    'a value that the option does not take',
    '[defaults]\nforks = many\n',
    /hookfleet\.cfg:2: forks = many: It must be a whole number/,
  ],
  [
    'a word that is no choice',
    '[defaults]\norder = random\n',
    /hookfleet\.cfg:2: order = random: Allowed choices are/,
  ],
  [
    'a flag that is none',
    '[defaults]\nbecome = perhaps\n',
    /hookfleet\.cfg:2: become = perhaps: It must be true or false/,
  ],
] as const) {
  test(`${title} in the file ends with exit code 2, and no host is contacted`, async t => {
    const { write, run, knocks } = await setUp(t);
    await write('hookfleet.cfg', text);
    const { stdout, stderr, exitCode } = await run('check', 'site.yml', '-i', 'hosts.ini');
    t.is(exitCode, 2);
    t.is(stdout, '');
    t.regex(stderr, told);
    t.is(knocks(), 0);
  });
}

test('an environment variable with a bad value is told by its name', async t => {
  const { folder } = await setUp(t);
  const { stderr, exitCode } = await runIn(folder, ['check', 'site.yml', '-i', 'hosts.ini'], {
    HOOKFLEET_FORKS: '0',
  });
  t.is(exitCode, 2);
  t.regex(stderr, /^HOOKFLEET_FORKS: forks = 0: It must be a whole number/);
});

test('with -v the header of a run says which file holds', async t => {
  const { folder, write } = await setUp(t);
  await write('hookfleet.cfg', '[defaults]\ninventory = hosts.ini\nconnect_tries = 1\n');
  const { stderr } = await runIn(folder, ['check', 'site.yml', '-v']);
  t.true(stderr.includes(`settings: ${join(folder, 'hookfleet.cfg')}`), stderr);
});

test('what the file says gives way where an option of the command line contradicts it', async t => {
  const { folder, write } = await setUp(t);
  await write('hookfleet.cfg', '[defaults]\nbecome_password_file = /nonexistent\nconnect_tries = 1\n');
  const { stderr } = await runIn(folder, ['check', 'site.yml', '-i', 'hosts.ini', '-K']);
  t.notRegex(stderr, /nonexistent/);
});

test('every setting is an option of the fleet commands, and stands in docs/settings.md', async t => {
  const { folder } = await setUp(t);
  const { stdout } = await runIn(folder, ['check', '--help-all']);
  const docs = await readFile(new URL('../../../docs/settings.md', import.meta.url), 'utf8');
  for (const [key, { about }] of Object.entries(SETTINGS)) {
    t.true(stdout.includes(`--${key.replaceAll('_', '-')}`), key);
    const row = `| \`${key}\` | \`${environmentVariable(key as SettingKey)}\` | ${about} |`;
    t.true(docs.includes(row), `docs/settings.md lacks: ${row}`);
  }
});
