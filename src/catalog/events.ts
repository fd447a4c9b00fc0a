import { EVENT_NOTES } from './event-notes.ts';
import { aboutHookPoint, type PropertiesOf } from './operations.ts';
import type { Release } from './releases.ts';

/** Where VDSM looks for hooks: one folder an event. Source: configure.ac of vdsm. */
export const HOOKS_ROOT = '/usr/libexec/vdsm/hooks';

/** A point at which VDSM runs hook scripts; also the name of their folder below /usr/libexec/vdsm/hooks. */
export interface HookPoint {
  readonly name: string;
  /** What a script finds in its temporary file: the whole domain XML, one device's XML, JSON, or nothing. */
  readonly input: 'domain' | 'device' | 'json' | 'empty';
  /** Whether VDSM goes on with what the scripts wrote back. */
  readonly output: boolean;
  /** Whether a failing script makes the operation fail. */
  readonly aborts: boolean;
  /** Who runs the scripts: the network events run inside supervdsmd, before_vdsm_start before the service drops its rights. */
  readonly user: 'vdsm' | 'root';
  /** One sentence on when VDSM runs it. */
  readonly when: string;
  readonly since: Release;
  /** Whose custom properties are in a script's environment. */
  readonly properties: PropertiesOf;
  /** Sentences on what is peculiar to it. */
  readonly notes: readonly string[];
}

function point(
  name: string,
  input: HookPoint['input'],
  user: HookPoint['user'],
  effect?: 'output' | 'aborts' | 'output, aborts',
): HookPoint {
  return {
    name,
    input,
    output: effect?.startsWith('output') ?? false,
    aborts: effect?.endsWith('aborts') ?? false,
    user,
    ...aboutHookPoint(name),
    notes: EVENT_NOTES[name] ?? [],
  };
}

/** All hook points of VDSM 4.50. Source: lib/vdsm/common/hooks.py and its callers; vdsm_hooks/Makefile.am names the folders. */
export const HOOK_POINTS: readonly HookPoint[] = [
  point('before_vm_start', 'domain', 'vdsm', 'output, aborts'),
  point('after_vm_start', 'domain', 'vdsm'),
  point('before_vm_cont', 'domain', 'vdsm', 'aborts'),
  point('after_vm_cont', 'domain', 'vdsm'),
  point('before_vm_pause', 'domain', 'vdsm', 'aborts'),
  point('after_vm_pause', 'domain', 'vdsm'),
  point('before_vm_hibernate', 'domain', 'vdsm', 'aborts'),
  point('after_vm_hibernate', 'domain', 'vdsm'),
  point('before_vm_dehibernate', 'domain', 'vdsm', 'aborts'),
  point('after_vm_dehibernate', 'domain', 'vdsm'),
  point('before_vm_migrate_source', 'domain', 'vdsm', 'aborts'),
  point('after_vm_migrate_source', 'domain', 'vdsm'),
  point('before_vm_migrate_destination', 'domain', 'vdsm', 'aborts'),
  point('after_vm_migrate_destination', 'domain', 'vdsm'),
  point('before_vm_destroy', 'empty', 'vdsm'),
  point('after_vm_destroy', 'domain', 'vdsm'),
  point('before_vm_set_ticket', 'domain', 'vdsm'),
  point('after_vm_set_ticket', 'domain', 'vdsm'),
  point('before_device_create', 'device', 'vdsm', 'output, aborts'),
  point('after_device_create', 'device', 'vdsm'),
  point('before_device_destroy', 'device', 'vdsm', 'aborts'),
  point('after_device_destroy', 'device', 'vdsm'),
  point('before_device_migrate_source', 'device', 'vdsm', 'aborts'),
  point('after_device_migrate_source', 'device', 'vdsm'),
  point('before_device_migrate_destination', 'device', 'vdsm', 'aborts'),
  point('after_device_migrate_destination', 'device', 'vdsm'),
  point('before_update_device', 'device', 'vdsm', 'output, aborts'),
  point('after_update_device', 'device', 'vdsm'),
  point('after_update_device_fail', 'device', 'vdsm'),
  point('before_nic_hotplug', 'device', 'vdsm', 'output, aborts'),
  point('after_nic_hotplug', 'device', 'vdsm'),
  point('after_nic_hotplug_fail', 'device', 'vdsm'),
  point('before_nic_hotunplug', 'device', 'vdsm', 'aborts'),
  point('after_nic_hotunplug', 'device', 'vdsm'),
  point('after_nic_hotunplug_fail', 'device', 'vdsm'),
  point('after_disk_prepare', 'json', 'vdsm', 'output, aborts'),
  point('before_disk_hotplug', 'device', 'vdsm', 'output, aborts'),
  point('after_disk_hotplug', 'device', 'vdsm'),
  point('before_disk_hotunplug', 'device', 'vdsm', 'aborts'),
  point('after_disk_hotunplug', 'device', 'vdsm'),
  point('before_memory_hotplug', 'device', 'vdsm', 'output, aborts'),
  point('after_memory_hotplug', 'device', 'vdsm'),
  point('before_set_num_of_cpus', 'empty', 'vdsm', 'aborts'),
  point('after_set_num_of_cpus', 'empty', 'vdsm'),
  point('before_network_setup', 'json', 'root', 'output, aborts'),
  point('after_network_setup', 'json', 'root'),
  point('after_network_setup_fail', 'json', 'root'),
  point('before_get_vm_stats', 'json', 'vdsm', 'aborts'),
  point('after_get_vm_stats', 'json', 'vdsm', 'output'),
  point('before_get_all_vm_stats', 'json', 'vdsm', 'aborts'),
  point('after_get_all_vm_stats', 'json', 'vdsm', 'output'),
  point('before_get_caps', 'json', 'vdsm', 'aborts'),
  point('after_get_caps', 'json', 'vdsm', 'output'),
  point('before_get_stats', 'json', 'vdsm', 'aborts'),
  point('after_get_stats', 'json', 'vdsm', 'output'),
  point('after_hostdev_list_by_caps', 'json', 'vdsm', 'output'),
  point('before_vdsm_start', 'empty', 'root'),
  point('after_vdsm_stop', 'empty', 'vdsm'),
];

/** The hook point of that name, or undefined. */
export function findHookPoint(name: string): HookPoint | undefined {
  return HOOK_POINTS.find(known => known.name === name);
}

/** What VDSM makes of the way a script ended. */
export interface ScriptExit {
  readonly status: '0' | '1' | '2' | 'above 2' | 'signal';
  readonly failed: boolean;
  /** Whether the scripts after it in the same folder still run. */
  readonly othersRun: boolean;
}

/** The exit status of a hook script, the same at every hook point. Source: _runHooksDir of lib/vdsm/common/hooks.py. */
export const SCRIPT_EXITS: readonly ScriptExit[] = [
  { status: '0', failed: false, othersRun: true },
  { status: '1', failed: true, othersRun: true },
  { status: '2', failed: true, othersRun: false },
  { status: 'above 2', failed: true, othersRun: true },
  { status: 'signal', failed: true, othersRun: true },
];
