import type { HookPoint } from '../../catalog/events.ts';
import { isNetworkEvent } from './new-hook.ts';

/** What VDSM might hand to the scripts of an event. */
export interface Sample {
  /** The name of a file for it. */
  readonly name: string;
  readonly text: string;
}

/**
 * A sample input for an event, of the shape that VDSM gives: a whole domain, one device, or JSON (lib/vdsm/virt/vm.py,
 * lib/vdsm/network/api.py, lib/vdsm/API.py). Undefined where the scripts find an empty file.
 */
export function sampleFor(point: Pick<HookPoint, 'name' | 'input'>): Sample | undefined {
  switch (point.input) {
    case 'domain':
      return { name: 'domain.xml', text: DOMAIN };
    case 'device':
      return deviceSample(point.name);
    case 'json':
      return jsonSample(point);
    default:
      return undefined;
  }
}

function deviceSample(event: string): Sample {
  if (event.includes('_disk_')) {
    return { name: 'disk.xml', text: DISK };
  }
  return event.includes('_memory_')
    ? { name: 'memory.xml', text: MEMORY }
    : { name: 'interface.xml', text: INTERFACE };
}

function jsonSample(point: Pick<HookPoint, 'name'>): Sample {
  const event = point.name;
  const [name, data] = isNetworkEvent(point)
    ? ['networks.json', NETWORKS]
    : event === 'after_disk_prepare'
      ? ['drive.json', DRIVE]
      : event === 'after_hostdev_list_by_caps'
        ? ['devices.json', DEVICES]
        : event === 'after_get_caps'
          ? ['capabilities.json', { cpuCores: '8', hooks: {}, vmTypes: ['kvm'] }]
          : event === 'after_get_stats'
            ? ['host-stats.json', { cpuIdle: '97.50', memUsed: '12', vmCount: 1 }]
            : /^after_get_(?:all_)?vm_stats$/.test(event)
              ? ['vm-stats.json', [{ vmId: VM_ID, status: 'Up', cpuUser: '1.20' }]]
              : ['empty.json', {}];
  return { name, text: `${JSON.stringify(data, null, 2)}\n` };
}

const VM_ID = '6a7b4ba9-5a8f-4c5e-9d7e-0c1f5a0f3b21';

const INTERFACE = `<interface type='bridge'>
  <mac address='00:1a:4a:16:01:51'/>
  <model type='virtio'/>
  <source bridge='ovirtmgmt'/>
  <link state='up'/>
</interface>
`;

const DISK = `<disk type='file' device='disk' snapshot='no'>
  <driver name='qemu' type='qcow2' cache='none' io='threads'/>
  <source file='/rhev/data-center/mnt/server:_data/images/disk'/>
  <target dev='sdb' bus='scsi'/>
</disk>
`;

const MEMORY = `<memory model='dimm'>
  <target>
    <size unit='KiB'>1048576</size>
    <node>0</node>
  </target>
</memory>
`;

const DOMAIN = `<domain type='kvm' xmlns:ovirt-vm='http://ovirt.org/vm/1.0'>
  <name>sample</name>
  <uuid>${VM_ID}</uuid>
  <memory>1048576</memory>
  <vcpu current='1'>16</vcpu>
  <metadata>
    <ovirt-vm:vm>
      <ovirt-vm:clusterVersion>4.7</ovirt-vm:clusterVersion>
    </ovirt-vm:vm>
  </metadata>
  <os>
    <type arch='x86_64' machine='pc-q35-rhel8.6.0'>hvm</type>
  </os>
  <cpu mode='host-model'/>
  <devices>
${[DISK, INTERFACE].map(text => text.replace(/^(?=.)/gm, '    ')).join('')}    <graphics type='vnc' port='-1' autoport='yes'/>
  </devices>
</domain>
`;

const DRIVE = {
  device: 'disk',
  diskType: 'file',
  domainID: '1c0f6a6e-8f4f-4b36-9f05-2c8f8a4c6a51',
  format: 'cow',
  imageID: '7d8cb5b5-2a3c-4f0d-8a57-3f1b9d1f3b0c',
  path: '/rhev/data-center/mnt/server:_data/images/disk',
  volumeID: '0a9f2b6e-6d8e-4f43-8d25-4e1d3c7c9f10',
};

const DEVICES = { pci_0000_00_02_0: { params: { capability: 'pci', vendor_id: '0x8086' } } };

const NETWORKS = {
  request: {
    networks: { ovirtmgmt: { nic: 'eth0', bridged: true, bootproto: 'dhcp', custom: {} } },
    bondings: {},
    options: { connectivityCheck: true },
  },
};
