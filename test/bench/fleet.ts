import { type Control, makeControl } from '../lab/fleet.ts';
import { type LabHost, startLightHost } from '../lab/host.ts';

/** Light hosts with the hooks of a playbook installed, and a control machine that may log in on them as root. */
export interface BenchFleet {
  readonly hosts: readonly LabHost[];
  /** Has `hosts.ini` and `hooks.yml`. */
  readonly control: Control;
  stop(): Promise<void>;
}

export const HOOKS = ['diskunmap', 'extnet', 'qemucmdline', 'vhostmd'];

const PLAYBOOK = `- name: Hooks on every hypervisor
  hosts: hypervisors
  become: true
  vdsm_hooks: [${HOOKS.join(', ')}]
`;

/**
 * Starts the hosts and installs the hooks. The login is root, so that no side pays for sudo.
 * @throws when a host does not come up, or the hooks cannot be installed.
 */
export async function startFleet(count: number): Promise<BenchFleet> {
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, i) => startLightHost({ name: `hv${i + 1}` })),
  );
  const hosts = started.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
  const stopHosts = async () => {
    await Promise.all(hosts.map(host => host.stop()));
  };
  const failed = started.find(one => one.status === 'rejected');
  if (failed) {
    await stopHosts();
    throw failed.reason;
  }
  const control = await makeControl({ hypervisors: hosts }, 'root');
  const stop = async () => {
    await Promise.all([stopHosts(), control.remove()]);
  };
  await control.write('hooks.yml', PLAYBOOK);
  const applied = await control.run('apply', 'hooks.yml', '-i', 'hosts.ini', '--yes', '-f', '4');
  if (applied.exitCode !== 0) {
    await stop();
    throw new Error(`The hooks could not be installed:\n${applied.stdout}\n${applied.stderr}`);
  }
  return { hosts, control, stop };
}
