import test from 'ava';
import { EVENT_NOTES } from '../../src/catalog/event-notes.ts';
import { findHookPoint, HOOK_POINTS, type HookPoint, SCRIPT_EXITS } from '../../src/catalog/events.ts';
import { aboutHookPoint } from '../../src/catalog/operations.ts';
import { NEWEST, releaseOf } from '../../src/catalog/releases.ts';

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

const FIRST_TAGS: Readonly<Record<string, number>> = {
  '4.9.0': 17,
  '4.9.4': 1,
  '4.10.0': 2,
  '4.10.3': 6,
  '4.11.0': 15,
  '4.14.0': 2,
  '4.14.1': 2,
  '4.15.0': 6,
  '4.17.1': 5,
  '4.18.0': 1,
  '4.20.1': 1,
};

test('every hook point has the first VDSM tag with it', t => {
  const counts: Record<string, number> = {};
  for (const { since } of HOOK_POINTS) {
    counts[since.vdsm] = (counts[since.vdsm] ?? 0) + 1;
  }
  t.deepEqual(counts, FIRST_TAGS);
});

for (const [name, vdsm, ovirt] of [
  ['before_vm_start', '4.9.0', '3.0/3.1'],
  ['before_vm_destroy', '4.9.4', '3.0/3.1'],
  ['after_vm_destroy', '4.9.0', '3.0/3.1'],
  ['after_nic_hotplug_fail', '4.10.3', '3.1/3.2'],
  ['before_device_create', '4.11.0', '3.3'],
  ['after_network_setup', '4.14.0', '3.4'],
  ['after_network_setup_fail', '4.18.0', '4.0'],
  ['after_get_caps', '4.15.0', '3.5'],
  ['after_disk_prepare', '4.20.1', '4.2'],
] as const) {
  test(`${name} came with VDSM ${vdsm} of oVirt ${ovirt}`, t => {
    t.deepEqual(findHookPoint(name)?.since, { vdsm, ovirt });
  });
}

test('what a hook point says of itself is a sentence, and begins with its side of the operation', t => {
  for (const { name, when, notes } of HOOK_POINTS) {
    t.regex(when, name.startsWith('before_') ? /^Before \S.*\S\.$/ : /^After \S.*\S\.$/, name);
    t.is(when.includes('failed'), name.endsWith('_fail'), name);
    for (const note of notes) {
      t.regex(note, /^[A-Z].*\.$/, name);
    }
  }
});

test('every note belongs to a hook point that there is', t => {
  t.deepEqual(
    Object.keys(EVENT_NOTES).filter(name => findHookPoint(name) === undefined),
    [],
  );
});

test('scripts get the properties of the device, of the VM alone, or none where there is no VM', t => {
  t.deepEqual(
    namesOf(point => point.input === 'device' && point.properties !== 'device'),
    ['before_memory_hotplug', 'after_memory_hotplug'],
  );
  t.deepEqual(
    namesOf(point => point.input === 'domain' && point.properties !== 'vm'),
    [],
  );
  t.deepEqual(
    namesOf(point => point.input === 'json' && point.properties !== 'none'),
    ['after_disk_prepare'],
  );
});

test('a name that is no hook point is unknown', t => {
  for (const name of ['before_vm', 'vm_start', 'before_vm_start_', 'toString', '']) {
    t.is(findHookPoint(name), undefined, name);
    t.throws(() => aboutHookPoint(name), { instanceOf: RangeError }, name);
  }
});

test('only status 0 is no failure, and only status 2 keeps the scripts after it from running', t => {
  t.deepEqual(
    SCRIPT_EXITS.filter(exit => !exit.failed).map(exit => exit.status),
    ['0'],
  );
  t.deepEqual(
    SCRIPT_EXITS.filter(exit => !exit.othersRun).map(exit => exit.status),
    ['2'],
  );
});

test('the oVirt of a VDSM tag is known by its series', t => {
  t.is(releaseOf('4.50.2.2').ovirt, '4.5');
  t.deepEqual(releaseOf(NEWEST.vdsm), NEWEST);
  t.is(releaseOf('4.5.0').ovirt, 'unknown');
  t.is(releaseOf('5.0').ovirt, 'unknown');
});
