import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { PAGES } from '../house/pages.ts';
import { BIN } from './fleet.ts';
import { boot } from './in-test.ts';
import { labKeys } from './keys.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What has to be there for these to run is a clean clone, which is where CI runs the second one. */
const NOT_RUN = ['npm ci', 'npm ci && npm test'];

/** Commands that work on the checkout, in the form in which they run here. */
const IN_CHECKOUT: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'npm start',
  'npm link': 'npm link --ignore-scripts',
};

/** The exit codes that are not 0, by page and command: the first time it stands there, the second time … */
const EXIT_CODES: Readonly<Record<string, readonly number[]>> = {
  'README.md hookfleet check hooks.yml': [3],
  'docs/getting-started.md hookfleet check hooks.yml': [3],
};

/** A home whose ssh_config leads the names of `init` to four real hosts, and a folder that is empty. */
async function setUp(t: ExecutionContext) {
  const [engine, ...hypervisors] = await Promise.all([
    boot(t, { name: 'engine', kind: 'engine' }),
    ...['hv-01', 'hv-02', 'hv-03'].map(name => boot(t, { name })),
  ]);
  if (engine !== undefined) {
    await beLocalhost(t, engine.address);
  }
  const home = await mkdtemp(join(tmpdir(), 'hookfleet-page-'));
  t.teardown(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
  await mkdir(join(home, 'bin'));
  await mkdir(join(home, 'work'));
  await symlink(BIN, join(home, 'bin/hookfleet'));
  const key = join(home, '.ssh/id_ed25519');
  await copyFile(labKeys().privateKeyFile, key);
  await chmod(key, 0o600);
  const hosts = [engine, ...hypervisors].flatMap(host => (host ? [host] : []));
  await writeFile(
    join(home, '.ssh/config'),
    hosts.map(({ name, address }) => `Host ${name}.example.org\n  HostName ${address}\n`).join(''),
  );
  return home;
}

/** Where an engine is asked for its health unless the play says otherwise; the lab's hosts share this one address. */
async function beLocalhost(t: ExecutionContext, address: string): Promise<void> {
  const server = createServer(socket => {
    const there = connect(80, address);
    socket.on('error', () => there.destroy()).pipe(there);
    there.on('error', () => socket.destroy()).pipe(socket);
  });
  await once(server.listen(80, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
}

/** Types one command on a terminal, and yes to whatever it asks. */
async function type(command: string, home: string, folder: string) {
  const running = execa('script', ['-qefc', command, '/dev/null'], {
    cwd: folder,
    env: {
      HOME: home,
      PATH: `${join(home, 'bin')}:${process.env.PATH}`,
      SHELL: '/bin/bash',
      TERM: 'xterm',
      CI: undefined,
      SSH_AUTH_SOCK: undefined,
      npm_config_prefix: join(home, 'npm'),
    },
    reject: false,
    timeout: 180_000,
  });
  let screen = '';
  let answered = 0;
  running.stdout?.on('data', chunk => {
    screen += chunk;
    const asked = screen.match(/\[y\/N\] |\(yes\/no\)\? ?|Type yes/g)?.length ?? 0;
    while (answered < asked) {
      answered += 1;
      running.stdin?.write('yes\n');
    }
  });
  const { exitCode, timedOut } = await running;
  return { exitCode: timedOut ? 'never' : exitCode, screen };
}

for (const name of ['README.md', 'docs/getting-started.md']) {
  test.serial(`every command that ${name} shows does what it says, word for word`, async t => {
    const home = await setUp(t);
    const page = PAGES.find(one => one.name === name);
    const lines = (page?.blocks ?? [])
      .filter(({ language }) => language === 'sh')
      .flatMap(block => block.lines)
      .map(line => line.replace(/ +#.*$/, '').trim());
    t.true(lines.length >= 10);
    const seen = new Map<string, number>();
    for (const line of lines.filter(one => one !== '' && !NOT_RUN.includes(one))) {
      const times = seen.get(line) ?? 0;
      seen.set(line, times + 1);
      const inCheckout = IN_CHECKOUT[line];
      const { exitCode, screen } = await type(
        inCheckout ?? line,
        home,
        inCheckout === undefined ? join(home, 'work') : ROOT,
      );
      t.is(exitCode, EXIT_CODES[`${name} ${line}`]?.[times] ?? 0, `${line}\n${screen}`);
    }
  });
}
