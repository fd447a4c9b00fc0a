import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Sh, sh } from '../core/sh.ts';
import type { DemoFleet } from './fleet.ts';

/** What somebody does to a host by hand, and should not. */
export interface Breakage {
  readonly host: string;
  /** What it means for the fleet, in a few words. */
  readonly effect: string;
  readonly script: Sh;
}

const HOOKS = sh`/usr/libexec/vdsm/hooks`;

/** Three hosts, broken in three ways that VDSM and the engine pass over without a word. */
export const BREAKAGES: readonly Breakage[] = [
  {
    host: 'hv-03',
    effect: 'the hook is skipped from now on',
    script: sh`chmod a-x "$ROOT"${HOOKS}/before_vm_start/50_diskunmap`,
  },
  {
    host: 'hv-07',
    effect: 'the hook is gone for hot-plugged vNICs',
    script: sh`rm "$ROOT"${HOOKS}/before_nic_hotplug/50_extnet`,
  },
  {
    host: 'engine-01',
    effect: 'diskunmap is no longer defined: -s replaces',
    script: sh`engine-config -s 'UserDefinedVMProperties=rack=^[0-9]+$;qemu_cmdline=^.*$' --cver=4.8`,
  },
];

/** The command as it would be typed on a real host. */
export function typed({ script }: Breakage): string {
  return script.text.replaceAll('"$ROOT"', '');
}

/** Does it to the fleet. */
export async function breakHosts({ hosts, path }: DemoFleet): Promise<void> {
  for (const { host, script } of BREAKAGES) {
    const disk = hosts.find(({ name }) => name === host)?.disk;
    if (disk === undefined) {
      throw new Error(`no host ${host} in the demo`);
    }
    await run('/bin/sh', ['-c', script.text], { cwd: disk, env: { ROOT: disk, PATH: path, LC_ALL: 'C' } });
  }
}

const run = promisify(execFile);
