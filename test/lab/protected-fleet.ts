import type { ExecutionContext } from 'ava';
import { type Control, makeControl } from './fleet.ts';
import type { ExecResult, HostOptions, LabHost } from './host.ts';
import { addOperator, bootLibvirt, startGuests } from './libvirt.ts';
import { type Rolled, rollPlay } from './roll-play.ts';

/** The guest that tests protect, the one they do not, and the user who may use libvirt. */
export const PROTECTED = 'db-1';
export const FREE = 'web-1';
export const OPERATOR = 'olga';

/** Where site rules of polkit lie, and hookfleet's. */
export const RULES = '/etc/polkit-1/rules.d';

/** A hypervisor with two running guests and an operator, and a control machine that knows it. */
export interface Protection {
  readonly host: LabHost;
  readonly control: Control;
  /** Runs the program with a playbook of one play that protects these, and with what `more` adds to the play. */
  keep(
    command: 'apply' | 'check',
    domains: readonly string[],
    more?: Readonly<Record<string, unknown>>,
  ): Promise<Rolled>;
}

/** Boots it; nothing is protected yet. */
export async function bootProtection(t: ExecutionContext, options: HostOptions = {}): Promise<Protection> {
  const host = await bootLibvirt(t, { name: 'kvm1', ...options });
  await startGuests(host, PROTECTED, FREE);
  await addOperator(host, OPERATOR);
  const control = await makeControl({ hypervisors: [host] });
  t.teardown(() => control.remove());
  return { host, control, keep: (...args) => keep(control, ...args) };
}

async function keep(
  control: Control,
  command: 'apply' | 'check',
  domains: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<Rolled> {
  const play = { hosts: 'hypervisors', become: true, protected_domains: domains, ...more };
  return rollPlay(control, command, play);
}

/** Runs virsh as a user who is not root, on the guests of the system. */
export function virshAs(host: LabHost, user: string, ...args: readonly string[]): Promise<ExecResult> {
  const quoted = args.map(arg => `'${arg.replaceAll("'", `'\\''`)}'`).join(' ');
  const command = `cd /tmp && exec timeout 60 virsh -q -c qemu:///system ${quoted}`;
  return host.exec(['su', user, '-c', command], { reject: false });
}

/** Everything that protection may touch below /etc, as a person would compare it: kind, mode, owner, path, content. */
export async function settings(host: LabHost): Promise<string[]> {
  const { stdout } = await host.exec(`
    find /etc/libvirt /etc/polkit-1 -path /etc/libvirt/qemu -prune -o -print | LC_ALL=C sort | while IFS= read -r path; do
      printf '%s %s\\n' "$(stat -c '%F %a %U:%G %n' "$path")" "$([ ! -f "$path" ] || sha256sum <"$path")"
    done`);
  return stdout.split('\n').filter(Boolean);
}

/** Puts a rule of the site's own among polkit's. */
export async function putRule(host: LabHost, name: string, body: string): Promise<void> {
  const rule = `polkit.addRule(function (action, subject) {\n${body}\n});\n`;
  await host.exec(['sh', '-ec', 'printf %s "$1" > "$2"', 'sh', rule, `${RULES}/${name}`]);
}
