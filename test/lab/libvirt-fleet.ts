import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Control, makeControl, type Report } from './fleet.ts';
import type { HostOptions, LabHost } from './host.ts';
import { bootLibvirt, HOOKS, startGuests } from './libvirt.ts';

/** One entry of `libvirt_hooks`, with the text of its script. */
export interface WantedHook {
  readonly driver?: string;
  readonly name: string;
  /** The script; left out for a hook that shall be absent. */
  readonly text?: string;
  readonly [key: string]: unknown;
}

/** How one run of the program ended, seen from the one host. */
export interface Rolled {
  readonly exitCode: number | undefined;
  readonly outcome: string | undefined;
  /** `action id` of each change. */
  readonly changes: readonly string[];
  /** The error's message, with its hint behind it; empty where there is none. */
  readonly error: string;
  readonly notes: readonly string[];
  /** Everything the program printed, for messages of a failed test and for input errors. */
  readonly output: string;
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
  // JSON is YAML.
  await control.write('site.yml', `${JSON.stringify([play], null, 2)}\n`);
  const ran = await control.run(command, 'site.yml', '-i', 'hosts.ini', '--json');
  const report: Report | undefined = ran.stdout === '' ? undefined : JSON.parse(ran.stdout);
  const result = Object.values(report?.hosts ?? {})[0];
  return {
    exitCode: ran.exitCode,
    outcome: result?.outcome,
    changes: result?.changes.map(({ action, id }) => `${action} ${id}`) ?? [],
    error: [result?.error?.message, result?.error?.hint].filter(Boolean).join(' '),
    notes: result?.notes ?? [],
    output: ran.stdout + ran.stderr,
  };
}

/** Everything below the folder of hooks, as a person would look: mode, owner, path, and where a link leads. */
export async function hooksOnDisk(host: LabHost): Promise<string[]> {
  const { stdout } = await host.exec(
    `find ${HOOKS} -mindepth 1 -printf '%M %u:%g %P %l\\n' | sort -k 3 | sed 's/ *$//'`,
  );
  return stdout.split('\n').filter(Boolean);
}
