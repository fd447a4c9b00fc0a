import type { LibvirtOperation } from '../../catalog/libvirt-drivers.ts';

/** What stands for the name and the UUID that the host makes up for a dry run. */
export const NAME_HERE = '@name@';
export const UUID_HERE = '@uuid@';

const DOMAIN = (graphics: string) => `<domain type='kvm' id='4711'>
  <name>${NAME_HERE}</name>
  <uuid>${UUID_HERE}</uuid>
  <memory unit='KiB'>1048576</memory>
  <currentMemory unit='KiB'>1048576</currentMemory>
  <vcpu placement='static'>1</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <boot dev='hd'/>
  </os>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/nonexistent/${NAME_HERE}.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='network'>
      <mac address='52:54:00:00:00:01'/>
      <source network='${NAME_HERE}'/>
      <model type='virtio'/>
    </interface>
    ${graphics}
  </devices>
</domain>
`;

const NETWORK = `  <network>
    <name>${NAME_HERE}</name>
    <uuid>${UUID_HERE}</uuid>
    <bridge name='hfdry0' stp='on' delay='0'/>
    <ip address='192.0.2.1' netmask='255.255.255.0'/>
  </network>
`;

const PORT = `  <networkport>
    <uuid>${UUID_HERE}</uuid>
    <owner>
      <name>${NAME_HERE}</name>
      <uuid>${UUID_HERE}</uuid>
    </owner>
    <mac address='52:54:00:00:00:01'/>
    <plug type='network' bridge='hfdry0'/>
  </networkport>
`;

/** What libvirt writes to a hook's stdin, for a guest and a network that no host has (libvirt: docs/hooks.rst). */
export const SAMPLES: Readonly<Record<Exclude<LibvirtOperation['stdin'], 'none'>, string>> = {
  domain: DOMAIN(`<graphics type='vnc' port='-1' autoport='yes'/>`),
  'domain with secrets': DOMAIN(`<graphics type='vnc' port='-1' autoport='yes' passwd='sample'/>`),
  network: `<hookData>\n${NETWORK}</hookData>\n`,
  'network port': `<hookData>\n${NETWORK}${PORT}</hookData>\n`,
};
