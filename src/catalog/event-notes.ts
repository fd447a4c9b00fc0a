const WITH_PROPERTIES_ALONE = 'Only for devices that have custom properties.';
const XML_OF_SOURCE = 'The domain XML is the one from the source host; here it will differ in details.';
const MANUAL_SAYS_VDSM = 'The manual page says user vdsm; the scripts run inside supervdsmd, which is root.';
const REQUEST = 'The JSON has one key, request, with networks, bondings and options.';
const PROPERTIES_IN_REQUEST =
  'The custom properties of a network stand in the JSON: request.networks.<name>.custom.';
const WITHOUT_VM = 'The script gets neither vmId nor any custom property.';
const EMPTY_JSON = 'The JSON is empty: {}.';
const MONITORING = 'A script that hangs stops the monitoring of the host.';

/** What is peculiar to a hook point, and easily missed. Sources: VDSM's calls of its hooks, and its manual page vdsmd(8). */
export const EVENT_NOTES: Readonly<Record<string, readonly string[]>> = {
  before_vm_start: [
    'Also runs when a VM is restored from hibernation; there what the scripts leave is thrown away.',
    'VDSM takes over the changed XML even where a script failed; the start is aborted after that.',
    'The text of the error is that of the last script that failed.',
  ],
  before_vm_dehibernate: [
    'FROM_SNAPSHOT in the environment says whether a live snapshot is restored: True or False.',
    'The domain XML is the one that was saved.',
  ],
  after_vm_dehibernate: [
    'Of no use: VDSM passes FROM_SNAPSHOT as a boolean, so the call fails (TypeError) as soon as one script is there.',
  ],
  before_vm_migrate_destination: [XML_OF_SOURCE],
  before_vm_set_ticket: ['The parameters of the call are in the environment too.'],
  after_vm_set_ticket: ['The parameters of the call are in the environment too.'],
  before_device_create: [
    'Never for disks, and else only for devices with a section `custom` in the metadata of the domain.',
    'The engine writes such a section, empty or not, for every vNIC: the scripts run for every vNIC of every VM, with or without a property.',
  ],
  after_device_create: [WITH_PROPERTIES_ALONE],
  before_device_destroy: [WITH_PROPERTIES_ALONE],
  after_device_destroy: [WITH_PROPERTIES_ALONE],
  before_device_migrate_source: [WITH_PROPERTIES_ALONE],
  after_device_migrate_source: [WITH_PROPERTIES_ALONE],
  before_device_migrate_destination: [WITH_PROPERTIES_ALONE],
  after_device_migrate_destination: [WITH_PROPERTIES_ALONE],
  after_disk_prepare: [
    'The one after event whose failure aborts the operation.',
    'Only for image disks that VDSM manages: no direct LUNs.',
    'The JSON is the drive itself; the manual page shows it below a key `disk`, which is wrong.',
    'Also runs for a VM that comes in by migration: be quick, else the migration times out.',
  ],
  before_set_num_of_cpus: [WITHOUT_VM],
  after_set_num_of_cpus: [WITHOUT_VM],
  before_network_setup: [REQUEST, PROPERTIES_IN_REQUEST, MANUAL_SAYS_VDSM],
  after_network_setup: [REQUEST, PROPERTIES_IN_REQUEST, MANUAL_SAYS_VDSM],
  after_network_setup_fail: [REQUEST, PROPERTIES_IN_REQUEST, MANUAL_SAYS_VDSM],
  before_get_vm_stats: [EMPTY_JSON],
  after_get_vm_stats: ['The JSON is a list of one item, the statistics of the VM.'],
  before_get_all_vm_stats: [EMPTY_JSON],
  after_get_all_vm_stats: ['The JSON is a list, an item a VM.'],
  before_get_caps: [EMPTY_JSON, MONITORING],
  after_get_caps: ['The JSON is all that VDSM reports as the capabilities of the host.', MONITORING],
  before_get_stats: [EMPTY_JSON, MONITORING],
  after_get_stats: ['The JSON is all that VDSM reports as the statistics of the host.', MONITORING],
  after_hostdev_list_by_caps: ['The JSON has the devices of the host.'],
  before_vdsm_start: ['Root, because it is a step of vdsmd.service before the service drops its rights.'],
  after_vdsm_stop: ['In old versions of VDSM it ran as root.'],
};
