import { createHash } from 'node:crypto';
import { HOOKS, type Hook } from '../catalog/hooks.ts';
import type { DemoFile } from './files.ts';

/** A package of the demo's repository. All its files belong to root:root. */
export interface DemoPackage {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly requires: readonly string[];
  readonly files: readonly DemoFile[];
}

const VDSM = { epoch: 0, version: '4.50.7', release: '1.el9' };
const HOOKS_ROOT = '/usr/libexec/vdsm/hooks';

/** VDSM itself, as far as hookfleet looks at it; each hypervisor of the demo has it from the start. */
export const VDSM_PACKAGE: DemoPackage = {
  ...VDSM,
  name: 'vdsm',
  arch: 'x86_64',
  requires: [],
  files: [
    {
      path: '/usr/lib/systemd/system/vdsmd.service',
      mode: 0o644,
      text: '# Simulated: the unit of VDSM.\n',
    },
  ],
};

/** The hooks that VDSM has today, with the files and modes that the catalogue names; what is in the files is made up. */
export const HOOK_PACKAGES: readonly DemoPackage[] = HOOKS.filter(hook => hook.status === 'current').map(
  hook => ({
    ...VDSM,
    name: hook.package,
    arch: 'noarch',
    requires: hook.requires.flatMap(text => (text.startsWith('vdsm') ? ['vdsm'] : [])),
    files: [...hook.files.map(file => script(hook, file)), ...hook.otherFiles.map(file => other(hook, file))],
  }),
);

function script(hook: Hook, { event, file, mode, link }: Hook['files'][number]): DemoFile {
  const path = `${HOOKS_ROOT}/${event}/${file}`;
  return link === undefined
    ? { path, mode: octal(mode), text: `#!/usr/bin/python3\n${madeUp(hook)}` }
    : { path, link };
}

function other(hook: Hook, { path, mode }: Hook['otherFiles'][number]): DemoFile {
  return { path, mode: octal(mode), text: madeUp(hook) };
}

function octal(mode = '0755'): number {
  return Number.parseInt(mode, 8);
}

function madeUp({ package: name, summary }: Hook): string {
  return `# Simulated: a file of ${name}.\n# ${summary}\n`;
}

/**
 * A package's manifest, as the stand-ins for rpm and dnf read it: `P name epoch version release arch`, then a line
 * `F path mode user group digest link` a file and a line `R package` a requirement; a tab between.
 */
export function manifest({ name, epoch, version, release, arch, requires, files }: DemoPackage): string {
  const records = [
    ['P', name, epoch, version, release, arch],
    ...files.map(file => ['F', file.path, ...fileFields(file)]),
    ...requires.map(other => ['R', other]),
  ];
  return records.map(record => `${record.join('\t')}\n`).join('');
}

const REGULAR_FILE = 0o100000;
const LINK = '120777';

function fileFields(file: DemoFile): string[] {
  return file.link === undefined
    ? [
        (REGULAR_FILE | file.mode).toString(8),
        'root',
        'root',
        createHash('sha256').update(file.text).digest('hex'),
        '',
      ]
    : [LINK, 'root', 'root', '', file.link];
}
