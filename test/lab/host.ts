import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { claimAddress } from './address.ts';
import { type Base, ensureBase } from './base.ts';
import { type Boot, bootSystemd, processOne, sshdAnswers, startSshd } from './boot.ts';
import { prepareDisk } from './disk.ts';
import { type EngineOptions, setUpEngine, waitForEngine } from './engine.ts';
import { raiseInotifyLimit } from './inotify.ts';
import { mountOverlay } from './overlay.ts';
import type { VdsmVersion } from './recipe.ts';
import { countSshLog, type SshCounts } from './ssh-log.ts';
import { type HostState, makeState, noteProcess, removeLeftovers, removeState } from './state.ts';

export interface HostOptions {
  /** The host's own name; `host` unless said otherwise. Need not be unique. */
  readonly name?: string;
  /** A `hypervisor` (the default), or an `engine` with the stand-ins of ovirt-engine and engine-config. */
  readonly kind?: 'hypervisor' | 'engine';
  /** The `vdsm` package that is there from the start; by default 4.50.6 on a hypervisor, none on an engine. */
  readonly vdsm?: VdsmVersion | 'none';
  /** How much can be written to the disk, in tmpfs's notation; `256m` unless said otherwise. */
  readonly diskSize?: string;
  /** How user `ops` gets root's rights. `password`: sudo asks for one; `requiretty`: sudo refuses without a terminal. */
  readonly sudo?: 'nopasswd' | 'password' | 'requiretty';
  /** The host keys that sshd has, as `ssh-keygen -t` calls them; ed25519 and ecdsa unless said otherwise. */
  readonly hostKeyTypes?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
  /** With a libvirtd and a QEMU that emulates the processor; only for hypervisors. */
  readonly libvirt?: boolean;
  /** How the engine behaves; only for kind `engine`. */
  readonly engine?: EngineOptions;
}

/** A command's end, however it ended. */
export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A host that runs. */
export interface LabHost {
  readonly name: string;
  /** Its own address of the loopback network; sshd answers on port 22. */
  readonly address: string;
  /** Its whole disk, from outside: read and change it as you like. What it mounts itself (/run, /proc) is not in it. */
  readonly root: string;
  /** The public host keys, each `type base64`. */
  readonly hostKeys: readonly string[];
  /** The process that is number 1 inside. */
  readonly pid: number;
  /**
   * Runs a program, or text for `sh -ec`, inside as root, past sshd: for setting a test up and for looking at what came
   * of it.
   * @throws when the exit code is not 0, unless `{ reject: false }`.
   */
  exec(command: string | readonly string[], options?: { readonly reject?: boolean }): Promise<ExecResult>;
  /** What came over SSH since the host was up, or since the last {@link LabHost.resetSshLog}. */
  sshLog(): Promise<SshCounts>;
  resetSshLog(): Promise<void>;
  /** sshd's whole log since then, for a test that wants to see more than counts. */
  sshLogText(): Promise<string>;
  /** Ends it as a power cut would and removes every trace; may be called again. */
  stop(): Promise<void>;
}

/** Boots a host with a real systemd as process 1; resolves when its sshd answers (an engine: when it is healthy). */
export async function bootHost(options: HostOptions = {}): Promise<LabHost> {
  return start(options, bootSystemd);
}

/** Starts a host that is no more than a disk and an sshd: no systemd, no services. For tests with many hosts. */
export async function startLightHost(options: Omit<HostOptions, 'kind' | 'engine'> = {}): Promise<LabHost> {
  return start(options, startSshd);
}

let cleared = false;

async function start(options: HostOptions, boot: Boot): Promise<LabHost> {
  if (!cleared) {
    cleared = true;
    removeLeftovers();
    raiseInotifyLimit();
  }
  const base = await ensureBase();
  const name = options.name ?? 'host';
  const claim = await claimAddress();
  const state = makeState(name);
  const stop = async () => {
    removeState(state.id);
    claim.release();
  };
  try {
    const { root } = await mountOverlay(
      state.folder,
      await layers(base, options),
      options.diskSize ?? '256m',
    );
    const hostKeys = await prepareDisk(root, name, claim.address, options);
    if (options.kind === 'engine') {
      await setUpEngine(root, claim.address, options.engine);
    }
    const supervisor = boot(state, root, name);
    supervisor.unref();
    noteProcess(state, 'supervisor', supervisor.pid ?? 0);
    await sshdAnswers(claim.address, supervisor, state);
    const pid = await processOne(supervisor.pid ?? 0);
    if (pid === undefined) {
      throw new Error(`The lab host at ${claim.address} has no process 1`);
    }
    noteProcess(state, 'init', pid);
    const host: LabHost = {
      name,
      address: claim.address,
      root,
      hostKeys,
      pid,
      exec: (command, execOptions) => execInside(pid, command, execOptions?.reject ?? true),
      sshLog: async () => countSshLog(await host.sshLogText()),
      sshLogText: () => readFile(sshdLog(state), 'utf8'),
      resetSshLog: () => truncate(sshdLog(state)),
      stop,
    };
    if (options.kind === 'engine') {
      await waitForEngine(host, options.engine);
    }
    await host.resetSshLog();
    return host;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function layers(base: Base, { kind, vdsm, libvirt }: HostOptions): Promise<string[]> {
  const version = vdsm ?? (kind === 'engine' ? 'none' : '4.50.6');
  const host = version === 'none' ? base.host : base.withVdsm(version);
  return [
    ...(kind === 'engine' ? [base.engine] : []),
    ...(libvirt === true ? [await base.libvirt()] : []),
    ...host,
  ];
}

async function execInside(
  pid: number,
  command: string | readonly string[],
  reject: boolean,
): Promise<ExecResult> {
  const argv = typeof command === 'string' ? ['sh', '-ec', command] : command;
  const enter = [`--target=${pid}`, '--mount', '--uts', '--ipc', '--pid', '--root', '--wd'];
  const { stdout, stderr, exitCode } = await execa('nsenter', [...enter, '--', ...argv], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C' },
    extendEnv: false,
    stdin: 'ignore',
    stripFinalNewline: false,
    reject,
  });
  return { stdout, stderr, exitCode: exitCode ?? -1 };
}

function sshdLog(state: HostState): string {
  return join(state.logFolder, 'sshd.log');
}
