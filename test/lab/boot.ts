import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCgroups } from './cgroup.ts';
import type { HostState } from './state.ts';

/** Starts a host on its disk; the process that it gives back is the one to kill. */
export type Boot = (state: HostState, root: string, name: string) => ChildProcess;

/** With systemd. A process namespace around systemd-nspawn: when that is killed, what it booted would live on. */
export function bootSystemd(state: HostState, root: string, name: string): ChildProcess {
  const nspawn = [
    ...['unshare', '--mount-proc', '--pid', '--fork', '--kill-child'],
    'systemd-nspawn',
    ...['--quiet', '--settings=no', '--register=no', '--keep-unit', '--console=pipe'],
    ...['--link-journal=no', '--resolv-conf=off', '--timezone=off'],
    ...[`--machine=${state.id}`, `--hostname=${name}`],
    ...[`--bind=${state.logFolder}:/var/log/lab`, '-D', root, '--boot'],
  ];
  const groups = makeCgroups(state.id).map(folder => `${folder}/cgroup.procs`);
  const script = 'until [ "$1" = -- ]; do echo $$ > "$1"; shift; done; shift; exec "$@"';
  return supervise(state, ['sh', '-ec', script, 'sh', ...groups, '--', ...nspawn]);
}

/** Without systemd. */
export function startSshd(state: HostState, root: string, name: string): ChildProcess {
  const script = `
    echo "$3" > /proc/sys/kernel/hostname
    mount --bind "$1" "$2"/var/log/lab
    mount -t proc proc "$2"/proc
    mount --rbind /dev "$2"/dev
    mount -t tmpfs tmpfs "$2"/run
    mkdir -m 0755 "$2"/run/sshd
    exec chroot "$2" /usr/sbin/sshd -D -E /var/log/lab/sshd.log`;
  return supervise(state, [
    ...['unshare', '--mount', '--uts', '--pid', '--fork', '--kill-child'],
    ...['sh', '-ec', script, 'sh', state.logFolder, root, name],
  ]);
}

/**
 * The command gets SIGKILL when this process ends, however it ends. It must be
 * unshare in the end, whose `--kill-child` takes the host with it; SIGTERM it would ignore.
 */
function supervise(state: HostState, command: readonly string[]): ChildProcess {
  const console = openSync(join(state.folder, 'console.log'), 'a');
  try {
    return spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
      stdio: ['ignore', console, console],
      detached: true,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    });
  } finally {
    closeSync(console);
  }
}

/** @throws with what the host wrote to its console, when it ends or nothing answers within a minute. */
export async function sshdAnswers(
  address: string,
  supervisor: ChildProcess,
  state: HostState,
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await greets(address))) {
    if (Date.now() > deadline || supervisor.exitCode !== null || supervisor.signalCode !== null) {
      const console = await readFile(join(state.folder, 'console.log'), 'utf8');
      throw new Error(`The lab host at ${address} did not come up:\n${console}`);
    }
    await sleep(20);
  }
}

function greets(address: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(22, address);
    socket.setTimeout(2000, () => socket.destroy());
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(false));
  });
}

/** The innermost process below the supervisor that is process 1 of a world of its own. */
export async function processOne(supervisor: number): Promise<number | undefined> {
  for (const child of await childrenOf(supervisor)) {
    const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => '');
    const inner = await processOne(child);
    if (inner !== undefined || /^NSpid:.*\t1$/m.test(status)) {
      return inner ?? child;
    }
  }
  return undefined;
}

async function childrenOf(pid: number): Promise<number[]> {
  try {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
