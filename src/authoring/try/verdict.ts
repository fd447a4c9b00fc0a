/** What becomes of an event's operation that a script makes fail. */
const WOULD_FAIL: Readonly<Record<string, string>> = {
  before_vm_start: 'the VM would not start',
  before_vm_cont: 'the VM would stay paused',
  before_vm_pause: 'the VM would not be paused',
  before_vm_hibernate: 'the VM would not be hibernated',
  before_vm_dehibernate: 'the VM would not be restored',
  before_vm_migrate_source: 'the VM would not migrate',
  before_vm_migrate_destination: 'the VM would not migrate to the host',
  before_device_create: 'the VM would not start',
  before_device_destroy: 'the VM would not be ended',
  before_device_migrate_source: 'the VM would not migrate',
  before_device_migrate_destination: 'the VM would not migrate to the host',
  before_update_device: 'the vNIC would not be changed',
  before_nic_hotplug: 'the vNIC would not be plugged in',
  before_nic_hotunplug: 'the vNIC would stay plugged in',
  after_disk_prepare: 'the disk would not be prepared, and the VM would not start',
  before_disk_hotplug: 'the disk would not be plugged in',
  before_disk_hotunplug: 'the disk would stay plugged in',
  before_memory_hotplug: 'the memory would not be plugged in',
  before_set_num_of_cpus: 'the number of CPUs would stay as it is',
  before_network_setup: 'the networks of the host would stay as they are',
  before_get_vm_stats: 'the engine would get no statistics of the VM',
  before_get_all_vm_stats: 'the engine would get no statistics of the VMs',
  before_get_caps: 'the engine would get no capabilities of the host',
  before_get_stats: 'the engine would get no statistics of the host',
};

/**
 * What becomes of an operation that fails, as a clause: `the VM would not start`. At events where no status of a script can
 * make it fail, VDSM itself can: it waits for a script, or cannot read what one has left.
 */
export function wouldFail(event: string): string {
  return WOULD_FAIL[event] ?? 'what VDSM does there would not come to its end';
}

/** A clause as a sentence. */
export function sentence(clause: string): string {
  return `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}.`;
}
