import { basename, dirname } from 'node:path/posix';
import { readLibvirtVersion } from '../../catalog/libvirt-gates.ts';
import { HostError } from '../../core/failure.ts';
import type { Section } from '../../core/section.ts';
import { PLACED_LIST, type Placed, parsePlaced } from '../files/placed-list.ts';
import { digestsIn, labelsIn } from '../files/printed.ts';
import { fileType } from '../package/rpm.ts';
import type { DiskFile } from '../vdsm-hook/vdsm-hook-found.ts';
import type { RunningDaemon } from './libvirt-hook-daemons.ts';
import { LIBVIRT_HOOKS, UNREADABLE_LIST } from './libvirt-hook-probe.ts';

/** What the hook folders of libvirt hold on a host, and what is known of the daemons that look there. */
export interface LibvirtHooksFound {
  /** Of the daemon that runs, else of the one that is installed; undefined without libvirt. */
  readonly version: string | undefined;
  readonly daemons: readonly RunningDaemon[];
  /** What is known to be noticed: the daemon's identity by `driver.unit`. */
  readonly noticed: ReadonlyMap<string, string>;
  readonly hasVdsm: boolean;
  /** Those of the programs asked for that the host has. */
  readonly programs: ReadonlySet<string>;
  /** The folders, the main scripts and everything in the folders; links are not followed. */
  readonly disk: ReadonlyMap<string, DiskFile>;
  /** What libvirt would run, sorted by path, and when that was last changed, in seconds since 1970. */
  readonly executables: readonly { readonly path: string; readonly changed: number }[];
  /** Folders with an executable whose name cannot be told safely. */
  readonly unreadableNames: ReadonlySet<string>;
  readonly digests: ReadonlyMap<string, string>;
  /** Where SELinux is on: the wanted files whose label is not the policy's. */
  readonly labels: ReadonlyMap<string, { readonly found: string; readonly wanted: string }>;
  /** The package that owns a path, of those that hookfleet did not place as they are; empty for none. */
  readonly owners: ReadonlyMap<string, string>;
  /** What hookfleet placed, by path; of other folders too. */
  readonly placed: ReadonlyMap<string, Placed>;
  /** Whether every line of the list of placed files could be read. */
  readonly placedIsWhole: boolean;
}

/** @throws {HostError} where the list of placed files cannot be read, or the folders cannot be looked at. */
export function readLibvirtHooks(reply: Section): LibvirtHooksFound {
  if (reply.exitCode !== 0) {
    throw cannotTell(reply);
  }
  const rows = reply.stdout.split('\n').map(line => line.split('\t'));
  const of = (tag: string) => rows.filter(([found]) => found === tag).map(([, ...fields]) => fields);
  const listed = of('L').map(fields => parsePlaced(fields.join('\t')));
  const placed = listed.filter(entry => entry !== undefined);
  const disk = new Map(of('S').map(fields => readStat(fields)));
  const ran = of('X').flatMap(([bits = '', changed = '', path = '']) => {
    const mode = Number.parseInt(bits, 16);
    const at = absolute(path);
    const link = disk.get(at);
    return fileType(mode) === 'file' && (mode & 0o111) !== 0 && link !== undefined
      ? [{ path: at, changed: Math.max(Number(changed), link.changed) }]
      : [];
  });
  return {
    version: of('B').flatMap(([text = '']) => readLibvirtVersion(text) ?? [])[0],
    daemons: of('D').map(([unit = '', looked = '', identity = '']) => ({
      ...{ unit, identity, looked: Number(looked) },
    })),
    noticed: new Map(of('K').map(([name = '', identity = '']) => [name, identity])),
    hasVdsm: rows.some(([tag]) => tag === 'V'),
    programs: new Set(of('R').map(([program = '']) => program)),
    disk,
    executables: ran.filter(({ path }) => !isGarbled(path)).sort((a, b) => (a.path < b.path ? -1 : 1)),
    unreadableNames: new Set([
      ...of('O').map(([folder = '']) => folder),
      ...ran.filter(({ path }) => isGarbled(path)).map(({ path }) => dirname(path)),
    ]),
    digests: digestsIn(reply.stdout),
    labels: labelsIn(reply.stdout),
    owners: new Map(of('W').map(([path = '', owner = '']) => [path, owner])),
    placed: new Map(placed.map(entry => [entry.path, entry])),
    placedIsWhole: placed.length === listed.length,
  };
}

function readStat([bits = '', user = '', group = '', changed = '', name = '']: string[]) {
  const mode = Number.parseInt(bits, 16);
  const type = fileType(mode);
  const [path = '', linkTarget = ''] = type === 'link' ? name.split(' -> ') : [name];
  const file = { type, mode: mode & 0o7777, user, group, linkTarget, changed: Number(changed) };
  return [absolute(path), file] as const;
}

/** The driver that a script or a folder of hooks belongs to. */
export function driverOf(path: string): string {
  const folder = dirname(path);
  return folder === LIBVIRT_HOOKS ? basename(path) : basename(folder).replace(/\.d$/, '');
}

/** A name that is not UTF-8 came here as another one: nothing may be done to it. */
function isGarbled(path: string): boolean {
  return path.includes('\ufffd');
}

// The probe speaks of files relative to the host's root folder.
function absolute(path: string): string {
  return path.replace(/^\./, '');
}

function cannotTell({ exitCode, stderr }: Section): HostError {
  const isList = exitCode === UNREADABLE_LIST;
  return new HostError('failed', {
    kind: 'probe',
    step: 'probe',
    message: isList
      ? `The list of what hookfleet placed on this host, ${PLACED_LIST}, cannot be read`
      : 'The folders of libvirt’s hooks cannot be looked at',
    command: isList ? `cat ${PLACED_LIST}` : `stat ${LIBVIRT_HOOKS}/*`,
    exitCode,
    stderr,
    hint: 'Look at it and at its disk on the host.',
  });
}
