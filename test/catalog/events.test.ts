import test from 'ava';
import { HOOK_POINTS, type HookPoint } from '../../src/catalog/events.ts';

const namesOf = (choose: (point: HookPoint) => boolean) =>
  HOOK_POINTS.filter(choose).map(point => point.name);

test('VDSM has 58 hook points, each named once', t => {
  t.is(HOOK_POINTS.length, 58);
  t.is(new Set(HOOK_POINTS.map(point => point.name)).size, 58);
});

test('a failing script aborts every before event but three, and one after event', t => {
  t.deepEqual(
    namesOf(point => point.name.startsWith('before_') && !point.aborts),
    ['before_vm_destroy', 'before_vm_set_ticket', 'before_vdsm_start'],
  );
  t.deepEqual(
    namesOf(point => point.name.startsWith('after_') && point.aborts),
    ['after_disk_prepare'],
  );
});

test('four hook points run as root, all others as vdsm', t => {
  t.deepEqual(
    namesOf(point => point.user === 'root'),
    ['before_network_setup', 'after_network_setup', 'after_network_setup_fail', 'before_vdsm_start'],
  );
});

test('VDSM goes on with the output of thirteen hook points', t => {
  t.deepEqual(
    namesOf(point => point.output),
    [
      ...['before_vm_start', 'before_device_create', 'before_update_device', 'before_nic_hotplug'],
      ...['after_disk_prepare', 'before_disk_hotplug', 'before_memory_hotplug', 'before_network_setup'],
      ...['after_get_vm_stats', 'after_get_all_vm_stats', 'after_get_caps', 'after_get_stats'],
      'after_hostdev_list_by_caps',
    ],
  );
});

test('hook points without input are those of a VM that is gone, of CPUs, and of VDSM itself', t => {
  t.deepEqual(
    namesOf(point => point.input === 'empty'),
    [
      ...['before_vm_destroy', 'before_set_num_of_cpus', 'after_set_num_of_cpus'],
      ...['before_vdsm_start', 'after_vdsm_stop'],
    ],
  );
});
