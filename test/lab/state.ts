import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeCgroups } from './cgroup.ts';
import { isRunning, processIdentity } from './process-identity.ts';

/** Each host has a folder here, named by its id, from before its first mount until after its last; so have the keys. */
const STATE = '/run/hookfleet-lab';

/** Where the parts of a host are while it runs. */
export interface HostState {
  /** Unique among all hosts of all processes; also the name of its control group. */
  readonly id: string;
  readonly folder: string;
  /** Holds `sshd.log`, off the host's own disk, so that a full disk does not stop it. */
  readonly logFolder: string;
}

/** The hosts of this process, which must not outlive it. */
const own = new Set<string>();

/** Makes the folder of a host that belongs to this process. */
export function makeState(name: string): HostState {
  if (own.size === 0) {
    process.on('exit', removeOwn);
  }
  const id = `hookfleet-lab-${name}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const folder = join(STATE, id);
  const logFolder = join(folder, 'log');
  own.add(id);
  mkdirSync(logFolder, { recursive: true });
  writeWhole(join(folder, 'owner'), processIdentity(process.pid) ?? '');
  return { id, folder, logFolder };
}

/** Notes the process that must be killed to end the host. */
export function noteProcess(state: HostState, name: string, pid: number): void {
  writeWhole(join(state.folder, `${name}.process`), processIdentity(pid) ?? '');
}

/** Ends a host and removes every trace of it; safe to repeat, and at any point of its start. */
export function removeState(id: string): void {
  const folder = join(STATE, id);
  for (const file of filesOf(folder).filter(file => file.endsWith('.process'))) {
    killAndWait(textOf(join(folder, file)) ?? '');
  }
  for (const mount of ['root', 'memory']) {
    try {
      execFileSync('umount', ['-l', join(folder, mount)], { stdio: 'ignore' });
    } catch {
      // It was not mounted yet.
    }
  }
  removeCgroups(id);
  rmSync(join('/run/systemd/nspawn/propagate', id), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  if (own.delete(id) && own.size === 0) {
    process.off('exit', removeOwn);
  }
}

function removeOwn(): void {
  own.forEach(removeState);
}

/** Removes the hosts of test processes that died without doing so. */
export function removeLeftovers(): void {
  for (const id of filesOf(STATE)) {
    const owner = textOf(join(STATE, id, 'owner'));
    if (owner !== undefined && !isRunning(owner)) {
      removeState(id);
    }
  }
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Another process may read the file at any moment, to tell whether the host is a leftover. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** Waits for the end too: what the process had mounted or opened is free after that. */
function killAndWait(identity: string): void {
  const give = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < 500 && isRunning(identity); i++) {
    try {
      process.kill(Number.parseInt(identity, 10), 'SIGKILL');
    } catch {
      return;
    }
    Atomics.wait(give, 0, 0, 10);
  }
}
