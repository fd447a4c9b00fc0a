import { type Release, releaseOf } from './releases.ts';

/** Whose custom properties a script finds in its environment: the VM's, also the device's (the VM's win), or nobody's. */
export type PropertiesOf = 'vm' | 'device' | 'none';

interface Operation {
  /** What VDSM does, as a noun: `the start of a VM`. */
  readonly what: string;
  readonly properties: PropertiesOf;
  /** The first VDSM tag that has its hook points. */
  readonly since: string;
}

function operation(what: string, properties: PropertiesOf, since: string): Operation {
  return { what, properties, since };
}

/**
 * What VDSM does around which it runs hooks, by the part of a hook point's name between `before_` or `after_` and
 * `_fail`. Sources: the callers in lib/vdsm (virt/vm.py, API.py, host/api.py, network/api.py, common/hostdev.py), and
 * the tags of vdsm for the first one with it.
 */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  vm_start: operation('the start of a VM', 'vm', '4.9.0'),
  vm_cont: operation('the resume of a paused VM', 'vm', '4.9.0'),
  vm_pause: operation('the pause of a VM', 'vm', '4.9.0'),
  vm_hibernate: operation('the hibernation of a VM', 'vm', '4.9.0'),
  vm_dehibernate: operation('the restore of a VM from hibernation or a live snapshot', 'vm', '4.9.0'),
  vm_migrate_source: operation('a migration, on the host that the VM leaves', 'vm', '4.9.0'),
  vm_migrate_destination: operation('a migration, on the host that the VM goes to', 'vm', '4.9.0'),
  vm_destroy: operation('the end of a VM', 'vm', '4.9.0'),
  vm_set_ticket: operation('the setting of the password of a VM console', 'vm', '4.10.0'),
  device_create: operation('the creation of a device, as a VM starts', 'device', '4.11.0'),
  device_destroy: operation('the end of a device, as a VM ends', 'device', '4.11.0'),
  device_migrate_source: operation('a migration, on the host that the device leaves', 'device', '4.11.0'),
  device_migrate_destination: operation(
    'a migration, on the host that the device goes to',
    'device',
    '4.11.0',
  ),
  update_device: operation('a change of a vNIC of a running VM', 'device', '4.11.0'),
  nic_hotplug: operation('the hotplug of a vNIC', 'device', '4.10.3'),
  nic_hotunplug: operation('the hot-unplug of a vNIC', 'device', '4.10.3'),
  disk_prepare: operation('the preparation of a disk of a VM', 'vm', '4.20.1'),
  disk_hotplug: operation('the hotplug of a disk', 'device', '4.11.0'),
  disk_hotunplug: operation('the hot-unplug of a disk', 'device', '4.11.0'),
  memory_hotplug: operation('the hotplug of memory', 'vm', '4.17.1'),
  set_num_of_cpus: operation('a change of the number of CPUs of a running VM', 'none', '4.14.1'),
  network_setup: operation('a change of the networks of the host', 'none', '4.14.0'),
  get_vm_stats: operation('a request for the statistics of one VM', 'none', '4.15.0'),
  get_all_vm_stats: operation('a request for the statistics of all VMs', 'none', '4.15.0'),
  get_caps: operation('a request for the capabilities of the host', 'none', '4.15.0'),
  get_stats: operation('a request for the statistics of the host', 'none', '4.17.1'),
  hostdev_list_by_caps: operation('the listing of the devices of the host', 'none', '4.17.1'),
  vdsm_start: operation('the start of VDSM', 'none', '4.9.0'),
  vdsm_stop: operation('the stop of VDSM', 'none', '4.9.0'),
};

/** Hook points that came later than the others of their operation. */
const CAME_LATER: Readonly<Record<string, string>> = {
  before_vm_destroy: '4.9.4',
  after_network_setup_fail: '4.18.0',
};

/**
 * What a hook point is for, read off its name.
 * @throws {RangeError} for a name that is no hook point's.
 */
export function aboutHookPoint(name: string): {
  readonly when: string;
  readonly since: Release;
  readonly properties: PropertiesOf;
} {
  const [, side, key = '', failed] = /^(before|after)_(.+?)(_fail)?$/.exec(name) ?? [];
  const found = OPERATIONS[key];
  if (found === undefined) {
    throw new RangeError(`Not a hook point of VDSM: ${name}`);
  }
  const { what, properties, since } = found;
  return {
    when: `${side === 'before' ? 'Before' : 'After'} ${what}${failed === undefined ? '' : ', where that failed'}.`,
    since: releaseOf(CAME_LATER[name] ?? since),
    properties,
  };
}
