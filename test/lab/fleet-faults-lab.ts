import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { FleetFault } from '../run/fleet-faults-case.ts';
import { FLEET_FAULTS } from '../run/fleet-faults-cases.ts';
import { type Control, makeControl, type Ran } from './fleet.ts';
import { type HostOptions, type LabHost, startLightHost } from './host.ts';

export const APPLY = ['apply', 'site.yml', '-i', 'hosts.ini'];
export const AUDIT = 'usr/libexec/vdsm/hooks/before_vm_start/50_audit';

/** Nobody listens there: all hosts of the lab are below. */
export const DEAD = '127.0.99.1';

/** Hosts that are a disk and an sshd, in the order of their names; they end with the test. */
export async function lightHosts(
  t: ExecutionContext,
  count: number,
  { from = 1, ...options }: Omit<HostOptions, 'kind' | 'engine'> & { readonly from?: number } = {},
): Promise<readonly LabHost[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const name = `kvm-${String(from + i).padStart(2, '0')}`;
      const host = await startLightHost({ name, hostKeyTypes: ['ed25519'], ...options });
      t.teardown(() => host.stop());
      return host;
    }),
  );
}

/** A control machine with a hook of the site's own, `hooks/audit`, beside its playbooks. */
export async function controlOf(
  t: ExecutionContext,
  hypervisors: readonly LabHost[],
  engines: readonly LabHost[] = [],
): Promise<Control> {
  const control = await makeControl({ hypervisors, engines });
  t.teardown(() => control.remove());
  await mkdir(join(control.folder, 'hooks/audit/before_vm_start'), { recursive: true });
  await control.write('hooks/audit/before_vm_start/50_audit', '#!/bin/sh\nexit 0\n');
  return control;
}

/** The text of a play of the hook `audit`, or of what else is given, with further keys. */
export function hooksPlay(more = '', hooks = '[{ name: audit, source: hooks/audit }]'): string {
  return `- name: Hooks\n  hosts: hypervisors\n  become: true\n${more}  vdsm_hooks: ${hooks}\n`;
}

export function enginePlay({ address }: LabHost, property = 'tag'): string {
  return `- name: Properties
  hosts: engine
  become: true
  engine_health_url: http://${address}/ovirt-engine/services/health
  engine_properties: { vm: { ${property}: '^x$' } }
`;
}

/** The inventory, each host's line as given. */
export function inventoryText(hypervisors: readonly string[], engines: readonly string[] = []): string {
  return ['[hypervisors]', ...hypervisors, '[engine]', ...engines, '[all:vars]', 'ansible_user=ops', ''].join(
    '\n',
  );
}

/** Shell text that prints the versions of those of the packages that are installed. */
export function versionsOf(...packages: readonly string[]): string {
  return `rpm -q --qf '%{NAME} %{VERSION}\\n' ${packages.join(' ')} | grep -v 'not installed' || true`;
}

/** Which of the hosts have the hook `audit`. */
export function withAudit(hosts: readonly LabHost[]): readonly string[] {
  return hosts.filter(({ root }) => existsSync(join(root, AUDIT))).map(({ name }) => name);
}

/** The case of the table with this id. */
export function caseOf(id: string): FleetFault {
  const found = FLEET_FAULTS.flatMap(({ cases }) => cases).find(one => one.id === id);
  if (found === undefined) {
    throw new Error(`The table has no ${id}`);
  }
  return found;
}

/** Asserts that a run ended exactly as the table has it: exit code, totals, what is said, the next command. */
export function isAsTold(t: ExecutionContext, id: string, { stdout, stderr, exitCode }: Ran): void {
  const { exitCodes, hosts, says, next } = caseOf(id);
  const output = `${stdout}\n${stderr}`;
  t.true(exitCodes.includes(exitCode ?? -1), `${id}: exit code ${exitCode}\n${output}`);
  if (/^\d+ hosts?: /.test(hosts)) {
    t.is(stdout.trimEnd().split('\n').at(-1), hosts, id);
  }
  if (says !== undefined) {
    t.regex(output, new RegExp(`^ *${pattern(says)}$`, 'm'), id);
  }
  const typed = /^Next: (.*)$/m.exec(stderr)?.[1] ?? '';
  t.regex(typed, new RegExp(`^${pattern(next ?? '')}$`), id);
}

/** Types the command that was printed as the next one, word for word. */
export function typeNext(control: Control, { stderr }: Ran): Promise<Ran> {
  const [, line = ''] = /^Next: hookfleet (.*)$/m.exec(stderr) ?? [];
  return control.run(...line.split(' '));
}

function pattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*');
}

/** Waits until something holds, a minute at most. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error('It never came to that');
    }
    await sleep(20);
  }
}

/** A place at which what runs on a host halts, until it is opened or the host is booted anew. */
export interface Gate {
  /** Whether somebody waits there. */
  isReached(): boolean;
  open(): Promise<void>;
}

/** Puts a gate before a program that root runs in a script of hookfleet. */
export async function gateBefore(host: LabHost, program: string): Promise<Gate> {
  // The first folder of the PATH there.
  const wrapper = join(host.root, 'usr/sbin', program);
  await writeFile(
    wrapper,
    `#!/bin/sh\n${waitAt(program).join('\n')}\nPATH=/usr/bin:/bin exec ${program} "$@"\n`,
  );
  await chmod(wrapper, 0o755);
  return gateAt(host, program);
}

/** Shell text that waits at a gate. */
export function waitAt(gate: string): readonly string[] {
  return [`touch /var/tmp/reached-${gate}`, `while [ -e /var/tmp/closed-${gate} ]; do sleep 0.05; done`];
}

/** Closes a gate. */
export async function gateAt({ root }: Pick<LabHost, 'root'>, gate: string): Promise<Gate> {
  const closed = join(root, `var/tmp/closed-${gate}`);
  await writeFile(closed, '');
  return {
    isReached: () => existsSync(join(root, `var/tmp/reached-${gate}`)),
    open: () => rm(closed, { force: true }),
  };
}
