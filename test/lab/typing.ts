import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { BIN } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { labKeys } from './keys.ts';

/** A person at a terminal: a home with a key, and a folder to work in that is empty. */
export interface Typist {
  readonly home: string;
  readonly work: string;
  readonly engine: LabHost;
  readonly hypervisors: readonly LabHost[];
  /** Types one command on a terminal of its own, and yes to whatever it asks. */
  type(command: string, folder?: string): Promise<Typed>;
}

export interface Typed {
  /** `never` where it did not come to its end. */
  readonly exitCode: number | 'never' | undefined;
  readonly screen: string;
}

/** Boots the hosts that `hookfleet init` names; the home's ssh_config leads the names there. */
export async function sitDown(t: ExecutionContext): Promise<Typist> {
  const [engine, ...hypervisors] = await Promise.all([
    boot(t, { name: 'engine', kind: 'engine' }),
    ...['hv-01', 'hv-02', 'hv-03'].map(name => boot(t, { name })),
  ]);
  const home = await mkdtemp(join(tmpdir(), 'hookfleet-page-'));
  t.teardown(() => rm(home, { recursive: true, force: true }));
  const work = join(home, 'work');
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
  await mkdir(join(home, 'bin'));
  await mkdir(work);
  await symlink(BIN, join(home, 'bin/hookfleet'));
  const key = join(home, '.ssh/id_ed25519');
  await copyFile(labKeys().privateKeyFile, key);
  await chmod(key, 0o600);
  await writeFile(
    join(home, '.ssh/config'),
    [engine, ...hypervisors]
      .map(({ name, address }) => `Host ${name}.example.org\n  HostName ${address}\n`)
      .join(''),
  );
  return { home, work, engine, hypervisors, type: (command, folder = work) => type(command, home, folder) };
}

async function type(command: string, home: string, folder: string): Promise<Typed> {
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
    timeout: 300_000,
  });
  let screen = '';
  let answered = 0;
  running.stdout?.on('data', chunk => {
    screen += chunk;
    const asked = screen.match(/\[y\/N\] /g)?.length ?? 0;
    while (answered < asked) {
      answered += 1;
      running.stdin?.write('yes\n');
    }
  });
  const { exitCode, timedOut } = await running;
  return { exitCode: timedOut ? 'never' : exitCode, screen };
}
