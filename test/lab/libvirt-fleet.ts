import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Control, makeControl } from './fleet.ts';
import type { HostOptions, LabHost } from './host.ts';
import { bootLibvirt, HOOKS, startGuests } from './libvirt.ts';
import { type Rolled, rollPlay } from './roll-play.ts';

/** One entry of `libvirt_hooks`, with the text of its script. */
export interface WantedHook {
  readonly driver?: string;
  readonly name: string;
  /** The script; left out for a hook that shall be absent. */
  readonly text?: string;
  readonly [key: string]: unknown;
}

/** A hypervisor where a guest runs, and a control machine that knows it. */
export interface Site {
  readonly host: LabHost;
  readonly control: Control;
  /** Runs the program with a playbook of one play with these hooks, and with what `more` adds to the play. */
  roll(
    command: 'apply' | 'check',
    hooks: readonly WantedHook[],
    more?: Readonly<Record<string, unknown>>,
  ): Promise<Rolled>;
}

export const BYSTANDER = 'bystander';

/** Boots it; the guest is called {@link BYSTANDER}. */
export async function bootSite(t: ExecutionContext, options: HostOptions = {}): Promise<Site> {
  const host = await bootLibvirt(t, { name: 'kvm1', ...options });
  await startGuests(host, BYSTANDER);
  const control = await makeControl({ hypervisors: [host] });
  t.teardown(() => control.remove());
  await mkdir(join(control.folder, 'hooks'));
  return { host, control, roll: (...args) => roll(control, ...args) };
}

async function roll(
  control: Control,
  command: 'apply' | 'check',
  hooks: readonly WantedHook[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<Rolled> {
  const entries = [];
  for (const { text, driver = 'qemu', name, ...rest } of hooks) {
    if (text !== undefined) {
      await control.write(`hooks/${driver}-${name}`, text);
    }
    entries.push({ driver, name, ...(text !== undefined && { source: `hooks/${driver}-${name}` }), ...rest });
  }
  const play = { hosts: 'hypervisors', become: true, libvirt_hooks: entries, ...more };
  return rollPlay(control, command, play);
}

/** Everything below the folder of hooks, as a person would look: mode, owner, path, and where a link leads. */
export async function hooksOnDisk(host: LabHost): Promise<string[]> {
  const { stdout } = await host.exec(
    `find ${HOOKS} -mindepth 1 -printf '%M %u:%g %P %l\\n' | sort -k 3 | sed 's/ *$//'`,
  );
  return stdout.split('\n').filter(Boolean);
}
