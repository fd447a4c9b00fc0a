import type { DeployedDriver } from '../../catalog/libvirt-drivers.ts';
import { LIBVIRT_HOOKS } from './libvirt-hook-probe.ts';

/** One script in a drop-in folder of libvirt. */
export interface LibvirtHook {
  readonly driver: DeployedDriver;
  readonly name: string;
  readonly state: 'present' | 'absent';
  /** What it is for: each must be called by the host's libvirt. */
  readonly operations: readonly string[];
  /** `lint`: it is not called on the host before it is in place. */
  readonly dryRun: 'run' | 'lint';
  /** Its bytes; empty where it shall be absent. */
  readonly base64: string;
  /** Hex. */
  readonly sha256: string;
  /** What its `#!` line needs: a path, and behind `env` also a name of the PATH. */
  readonly programs: readonly string[];
  /** The shell that can read it without running it, where it is written for one. */
  readonly shell?: string;
}

export interface LibvirtHooksWanted {
  /** What the hosts' lists call this playbook. */
  readonly playbook: string;
  readonly hooks: readonly LibvirtHook[];
  /** Paths of hooks that only other plays of this playbook name. */
  readonly namedElsewhere: readonly string[];
  /** What is done about executables that should not be there; `ignore` where the play does not speak of the folders. */
  readonly unmanaged: 'report' | 'remove' | 'ignore';
  /** Nothing may be removed but a hook that the play names with `state: absent`, whatever `unmanaged` says. */
  readonly namedOnly: boolean;
  /** Operations that the host's patched libvirt calls besides. */
  readonly extraOperations: readonly string[];
}

/** Who owns hooks and their folders. */
export const OWNER = 'root:root';

/** Of hooks and their folders: the same hooks are called by the daemons of ordinary users, as those users. */
export const MODE = 0o755;

export function folderOf(driver: string): string {
  return `${LIBVIRT_HOOKS}/${driver}.d`;
}

export function hookPath({ driver, name }: Pick<LibvirtHook, 'driver' | 'name'>): string {
  return `${folderOf(driver)}/${name}`;
}

/** What the hosts' lists call a hook. */
export function listedAs({ driver, name }: Pick<LibvirtHook, 'driver' | 'name'>): string {
  return `${driver}/${name}`;
}
