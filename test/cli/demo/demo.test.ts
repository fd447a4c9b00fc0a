import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';

const BIN = fileURLToPath(new URL('../../../bin/hookfleet.js', import.meta.url));
const OPTIONS = ['-i', 'hosts.ini', '--known-hosts', 'known_hosts'];

/** A machine without a home, an agent or colours, whose temporary files are the test's own. */
async function setUp(t: ExecutionContext) {
  const temporary = await mkdtemp(join(tmpdir(), 'hookfleet-demo-test-'));
  t.teardown(() => rm(temporary, { recursive: true, force: true }));
  const start = (args: readonly string[], cwd = temporary, env: NodeJS.ProcessEnv = {}) =>
    execa(process.execPath, [BIN, ...args], {
      cwd,
      env: {
        HOME: '/nowhere',
        TMPDIR: temporary,
        SSH_AUTH_SOCK: undefined,
        NO_COLOR: '1',
        HOOKFLEET_RECORD: 'none',
        ...env,
      },
      reject: false,
      stdin: 'ignore',
    });
  const demo = (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const child = start(['demo', ...args], temporary, env);
    t.teardown(() => child.kill());
    let said = '';
    child.stdout.on('data', chunk => {
      said += chunk;
    });
    /** Waits until it has said something, and gives all that it has said by then. */
    const says = async (text: string) => {
      while (!said.includes(text) && child.exitCode === null) {
        await pause();
      }
      t.true(said.includes(text), said);
      return said;
    };
    return { child, says };
  };
  /** What is left of a demo: its files, and its processes where they can be seen. */
  const leftovers = async () => [...(await readdir(temporary)), ...(await processesOf(temporary))];
  return { start, demo, leftovers };
}

function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 20));
}

/** The command lines of the processes that have a folder in their environment, or work below it (proc(5)). */
async function processesOf(folder: string): Promise<string[]> {
  const pids =
    process.platform === 'linux' ? (await readdir('/proc')).filter(name => /^\d+$/.test(name)) : [];
  const found = await Promise.all(
    pids.map(async pid => {
      try {
        const [environment, works, command] = await Promise.all([
          readFile(`/proc/${pid}/environ`, 'utf8'),
          readlink(`/proc/${pid}/cwd`),
          readFile(`/proc/${pid}/cmdline`, 'utf8'),
        ]);
        return environment.includes(folder) || works.startsWith(folder) ? [command] : [];
      } catch {
        return []; // It has gone meanwhile, or is another user's.
      }
    }),
  );
  return found.flat();
}

test.serial(
  'demo tells the story: apply, nothing more to do, three hosts break, exactly those are found and mended',
  async t => {
    const { demo, leftovers } = await setUp(t);
    const startedAt = performance.now();
    const { stdout, stderr, exitCode } = await demo().child;
    t.is(exitCode, 0, stdout + stderr);
    // Some six seconds; other tests run beside this one.
    t.true(performance.now() - startedAt < 30_000);
    t.regex(stdout, /These hosts are simulated/);
    const [, fromNothing = '', again = '', broken = '', check = '', mended = '', clean = ''] =
      stdout.split(/^\d\. .*\n/m);

    t.regex(fromNothing, /^\$ hookfleet apply hooks\.yml -i hosts\.ini --known-hosts known_hosts --yes$/m);
    t.regex(fromNothing, /^changed \(12 hosts\): hv-\[01-12\]$/m);
    t.regex(fromNothing, /\+ vdsm-hook extnet: install {2}vdsm-hook-extnet-0:4\.50\.7-1\.el9\.noarch$/m);
    t.regex(fromNothing, /vdsm-hook site_audit .*: place/);
    t.regex(
      fromNothing,
      /set {2}rack=\^\[0-9\]\+\$ -> rack=\^\[0-9\]\+\$;diskunmap=\^\(off\|on\)\$;qemu_cmdline=\^\.\*\$$/m,
    );
    t.regex(fromNothing, /ovirt-engine: restart/);
    t.regex(fromNothing, /^13 hosts: 13 changed$/m);

    t.regex(again, /^\$ hookfleet apply .*\n13 hosts: 13 ok$/m);

    t.deepEqual(
      [...broken.matchAll(/^\[root@(.*?)\]# +(\S+)/gm)].map(([, ...words]) => words),
      [
        ['hv-03', 'chmod'],
        ['hv-07', 'rm'],
        ['engine-01', 'engine-config'],
      ],
    );

    const mode = '50_diskunmap: mode  0644 -> 0755';
    const missing = 'before_nic_hotplug/50_extnet: reinstall  missing -> file';
    t.regex(check, /^\$ hookfleet check /m);
    for (const [text, outcome] of [
      [check, 'drifted'],
      [mended, 'changed'],
    ] as const) {
      t.deepEqual(
        [...text.matchAll(/^(\w+): (\S+)$/gm)].map(([, ...words]) => words),
        [
          [outcome, 'hv-03'],
          [outcome, 'hv-07'],
          [outcome, 'engine-01'],
        ],
      );
      t.deepEqual(text.match(/^ {2}[~+-] .*$/gm)?.length, 4);
      t.true(
        text.includes(mode) &&
          text.includes(missing) &&
          text.includes('4.8: set') &&
          text.includes('restart'),
      );
      t.true(text.includes(`13 hosts: 10 ok, 3 ${outcome}\n`));
    }
    t.regex(check, /^\(exit code 3\)$/m);
    t.regex(clean, /^\$ hookfleet check .*\n13 hosts: 13 ok$/m);
    t.deepEqual(await leftovers(), []);
  },
);

test.serial(
  'demo that is interrupted exits with 130, and leaves nothing behind; it has colours where it is told to',
  async t => {
    const { demo, leftovers } = await setUp(t);
    const { child, says } = demo([], { NO_COLOR: undefined, FORCE_COLOR: '1' });
    await says('\u001b[1m1. None of this is there yet');
    await new Promise(resolve => setTimeout(resolve, 600));
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await child;
    t.is(exitCode, 130, stdout + stderr);
    t.deepEqual(await leftovers(), []);
  },
);

test.serial('demo --keep leaves a fleet up that the commands it prints work on, until Ctrl-C', async t => {
  const { demo, start, leftovers } = await setUp(t);
  const { child, says } = demo(['--keep']);
  const said = await says('Ctrl-C');
  const folder = /^ {2}cd (\S+)$/m.exec(said)?.[1] ?? '';
  for (const command of ['check hooks.yml', 'apply hooks.yml', 'install log_console']) {
    t.true(said.includes(`\n  ${BIN} ${command} ${OPTIONS.join(' ')}\n`), said);
  }
  const outcomes = async (...words: readonly string[]) => {
    const { stdout, exitCode } = await start([...words, ...OPTIONS, '--json'], folder);
    const { totals } = JSON.parse(stdout);
    return { exitCode, ok: totals.ok, changed: totals.changed, drifted: totals.drifted };
  };
  const limit = ['--limit', 'hv-03'];
  t.deepEqual(await outcomes('check', 'hooks.yml'), { exitCode: 3, ok: 0, changed: 0, drifted: 13 });
  t.deepEqual(await outcomes('apply', 'hooks.yml'), { exitCode: 0, ok: 0, changed: 13, drifted: 0 });
  t.deepEqual(await outcomes('check', 'hooks.yml'), { exitCode: 0, ok: 13, changed: 0, drifted: 0 });
  const breaking = /^ {2}(chmod a-x \S+)$/m.exec(said)?.[1] ?? '';
  await execa('/bin/sh', ['-c', breaking]);
  t.deepEqual(await outcomes('check', 'hooks.yml', ...limit), { exitCode: 3, ok: 0, changed: 0, drifted: 1 });
  t.deepEqual(await outcomes('install', 'log_console', ...limit, '--no-engine'), {
    exitCode: 0,
    ok: 0,
    changed: 1,
    drifted: 0,
  });
  const { stdout } = await start(['check', 'hooks.yml', '-i', 'hosts.ini', '--json'], folder);
  t.is(JSON.parse(stdout).hosts['hv-01'].error.kind, 'host-key-unknown', 'host keys stay strict');

  child.kill('SIGINT');
  t.is((await child).exitCode, 0);
  t.deepEqual(await leftovers(), []);
});

test.serial('the playbook of init does its work on the fleet of the demo', async t => {
  const { demo, start } = await setUp(t);
  const { child, says } = demo(['--keep']);
  const folder = /^ {2}cd (\S+)$/m.exec(await says('Ctrl-C'))?.[1] ?? '';
  t.is((await start(['init', 'begin'], folder)).exitCode, 0);
  const exitCodes: (number | undefined)[] = [];
  for (const command of ['check', 'apply', 'check']) {
    exitCodes.push((await start([command, 'begin/hooks.yml', ...OPTIONS], folder)).exitCode);
  }
  t.deepEqual(exitCodes, [3, 0, 0]);
  child.kill('SIGINT');
  await child;
});

test.serial('demo that is killed leaves nothing behind: its fleet ends by itself', async t => {
  const { demo, leftovers } = await setUp(t);
  const { child, says } = demo(['--keep']);
  await says('Ctrl-C');
  t.not((await leftovers()).length, 0);
  child.kill('SIGKILL');
  await child;
  const deadline = performance.now() + 20_000;
  while ((await leftovers()).length > 0 && performance.now() < deadline) {
    await pause();
  }
  t.deepEqual(await leftovers(), []);
});
