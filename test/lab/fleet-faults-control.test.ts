import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { engineStarts } from './engine.ts';
import { BIN, type Control, type Ran } from './fleet.ts';
import {
  APPLY,
  AUDIT,
  controlOf,
  enginePlay,
  hooksPlay,
  isAsTold,
  lightHosts,
  withAudit,
} from './fleet-faults-lab.ts';
import { boot } from './in-test.ts';

const CLOCK = fileURLToPath(new URL('fleet-faults-clock.mjs', import.meta.url));
const TWENTY_YEARS = 20 * 365 * 24 * 3600 * 1000;

/** A folder without any space left; some files are there, empty. */
async function fullFolder(
  t: ExecutionContext,
  { folder }: Control,
  files: readonly string[],
): Promise<string> {
  const full = join(folder, 'full');
  await mkdir(full);
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', full]);
  t.teardown(() => execa('umount', ['-l', full]));
  for (const file of files) {
    await mkdir(join(full, file, '..'), { recursive: true });
    await writeFile(join(full, file), '');
  }
  await execa('sh', ['-c', `head -c 1m /dev/zero >"$1"/fill`, 'sh', full], { reject: false });
  return full;
}

/** Runs the program through a shell that redirects its output. */
async function redirected({ folder }: Control, redirections: string): Promise<Ran> {
  const command = `exec "$0" "$@" ${redirections}`;
  const { stdout, stderr, exitCode } = await execa('sh', ['-c', command, process.execPath, BIN, ...APPLY], {
    cwd: folder,
    env: { HOME: join(folder, 'home'), SSH_AUTH_SOCK: undefined, NO_COLOR: '1' },
    reject: false,
    stdin: 'ignore',
  });
  return { stdout, stderr, exitCode };
}

test('a full disk on the control machine: records, output and known hosts fail, the hosts do not', async t => {
  const hosts = await lightHosts(t, 2);
  const control = await controlOf(t, hosts);
  await control.write('site.yml', hooksPlay());
  const undo = () => Promise.all(hosts.map(({ root }) => rm(join(root, AUDIT))));
  const full = await fullFolder(t, control, ['known_hosts', 'run.log', 'run.err']);

  const unseen = await control.run(
    ...APPLY,
    '--host-key-checking',
    'accept-new',
    '--known-hosts',
    'full/known_hosts',
  );
  isAsTold(t, 'known-hosts-full', {
    ...unseen,
    stderr: unseen.stderr.replace(' --known-hosts full/known_hosts', ''),
  });
  t.is(await readFile(join(full, 'known_hosts'), 'utf8'), '');
  t.deepEqual(withAudit(hosts), []);

  isAsTold(t, 'record-full', await control.run(...APPLY, '--record', 'full/runs'));
  t.is(withAudit(hosts).length, 2);
  t.regex((await control.run('runs', '--record', 'full/runs')).stderr, /^not to be read: \S+$/);
  t.is((await control.run(...APPLY, '--record', 'full/runs', '--rerun', 'failed')).exitCode, 2);

  await undo();
  isAsTold(t, 'output-full', await redirected(control, '>full/run.log'));
  t.is(withAudit(hosts).length, 2);
  t.regex((await control.run('runs', 'show')).stdout, /^2 hosts: 2 changed$/m);

  await undo();
  t.is((await redirected(control, '>full/run.log 2>full/run.err')).exitCode, 1);
  t.is(withAudit(hosts).length, 2, 'nor where nothing can be said at all');
});

test('the clock of the control machine is wrong, by 20 years either way: a run does its work all the same', async t => {
  const [hosts, engine] = await Promise.all([
    lightHosts(t, 2),
    boot(t, { name: 'engine-1', kind: 'engine', engine: { levels: ['4.8'] } }),
  ]);
  const control = await controlOf(t, hosts, [engine]);
  const runAt = async (shift: number, ...args: readonly string[]): Promise<Ran> => {
    const { stdout, stderr, exitCode } = await execa(process.execPath, ['--import', CLOCK, BIN, ...args], {
      cwd: control.folder,
      env: {
        HOME: join(control.folder, 'home'),
        SSH_AUTH_SOCK: undefined,
        NO_COLOR: '1',
        HOOKFLEET_TEST_CLOCK: String(shift),
      },
      reject: false,
      stdin: 'ignore',
    });
    return { stdout, stderr, exitCode };
  };
  await control.write('site.yml', hooksPlay() + enginePlay(engine, 'first'));
  isAsTold(t, 'clock-control', await runAt(TWENTY_YEARS, ...APPLY));
  await Promise.all(hosts.map(({ root }) => rm(join(root, AUDIT))));
  await control.write('site.yml', hooksPlay() + enginePlay(engine, 'second'));
  isAsTold(t, 'clock-control', await runAt(-TWENTY_YEARS, ...APPLY));
  t.is(withAudit(hosts).length, 2);
  t.is(await engineStarts(engine), 3);
  t.regex((await control.run(...APPLY)).stdout, /^3 hosts: 3 ok$/m);

  const future = String(new Date(Date.now() + TWENTY_YEARS).getUTCFullYear());
  t.true((await control.run('runs', 'show')).stdout.startsWith(future));
  const back = await control.run('engine', 'restore', 'last', '-i', 'hosts.ini', '--check');
  t.regex(back.stderr, new RegExp(`^engine-1: as it was before run ${future}`, 'm'));
});
