import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HOOK_POINTS } from '../catalog/events.ts';
import { type DemoFile, writeFiles } from './files.ts';
import { manifest, VDSM_PACKAGE } from './packages.ts';

export type DemoRole = 'hypervisor' | 'engine';

/** Makes the disk of a host as it is before hookfleet has ever seen it: a folder of this machine, which must not exist. */
export async function makeDisk(folder: string, role: DemoRole): Promise<void> {
  await Promise.all(
    ['/etc', '/run', '/var/lib', ...(role === 'hypervisor' ? EVENT_FOLDERS : [])].map(path =>
      mkdir(join(folder, path), { recursive: true }),
    ),
  );
  await writeFiles(folder, role === 'hypervisor' ? HYPERVISOR : ENGINE);
}

const EVENT_FOLDERS = HOOK_POINTS.map(({ name }) => `/usr/libexec/vdsm/hooks/${name}`);

const HYPERVISOR: readonly DemoFile[] = [
  ...VDSM_PACKAGE.files,
  data(`/var/lib/rpm/${VDSM_PACKAGE.name}`, manifest(VDSM_PACKAGE)),
  unit('vdsmd'),
  osRelease(),
  ...['/bin/sh', '/usr/bin/sh', '/usr/bin/python3'].map(path => ({
    path,
    mode: 0o755,
    text: 'Simulated: an interpreter.\n',
  })),
];

// An engine that somebody has given a property of the site's own, and the one that every engine comes with.
const VALUES = {
  UserDefinedVMProperties: 'rack=^[0-9]+$',
  CustomDeviceProperties: '{type=interface;prop={SecurityGroups=^[0-9a-fA-F, -]*$}}',
  UserDefinedNetworkCustomProperties: '',
};

const ENGINE: readonly DemoFile[] = [
  unit('ovirt-engine'),
  osRelease(),
  ...Object.entries(VALUES).flatMap(([key, value]) =>
    ['4.7', '4.8'].map(level => data(`/var/lib/ovirt-engine/vdc_options/${key}@${level}`, value)),
  ),
];

function data(path: string, text: string): DemoFile {
  return { path, mode: 0o644, text };
}

function osRelease(): DemoFile {
  return data('/etc/os-release', 'PRETTY_NAME="Simulated host"\n');
}

/** A running unit, as the stand-in for systemctl keeps it. */
function unit(name: string): DemoFile {
  return data(
    `/run/systemd/units/${name}`,
    [
      'LoadState=loaded',
      'ActiveState=active',
      'UnitFileState=enabled',
      'InvocationID=1',
      'ActiveEnterTimestampMonotonic=1',
      '',
    ].join('\n'),
  );
}
