import { basename } from 'node:path';
import { LIBVIRT_DRIVERS, type LibvirtDriver } from '../catalog/libvirt-drivers.ts';
import type { HookContext } from '../lint/context.ts';
import type { Finding } from '../lint/finding.ts';
import { guessOwner } from '../lint/guess.ts';
import { judgeEntry } from '../lint/names.ts';
import { declaredIn } from '../lint/told.ts';
import type { Found, LintTarget } from './lint-target.ts';

/** What the user says of the scripts. */
export interface LintWishes {
  readonly event?: string;
  readonly driver?: LibvirtDriver;
}

/** Where scripts lie: what runs them there, and whether they have their names and modes of the host. */
export type Place =
  | {
      readonly of: 'vdsm';
      readonly events: readonly string[];
      readonly beside: string;
      readonly placed: boolean;
    }
  | { readonly of: 'libvirt'; readonly driver: LibvirtDriver; readonly placed: boolean }
  | { readonly of: 'unknown'; readonly beside: string };

/** The driver whose main script (`qemu`) or folder (`qemu.d`) has this name. */
export function driverOf(name: string, end: '' | '.d'): LibvirtDriver | undefined {
  return LIBVIRT_DRIVERS.find(one => `${one.driver}${end}` === name)?.driver;
}

/** Something that is not read as a script, and what is wrong with it. */
export function misplaced(path: string, ...findings: readonly Finding[]): LintTarget {
  const name = basename(path);
  return {
    path,
    name,
    placed: false,
    findings,
    content: new Uint8Array(),
    context: { kind: 'unknown' },
    read: false,
  };
}

/** The script that a file is, with what is wrong with its name and mode; undefined for what nothing runs. */
export function scriptAt(found: Found, place: Place): LintTarget | undefined {
  const { content, executable, script, trouble, path, name, type } = found;
  const placed = place.of !== 'unknown' && place.placed;
  const findings: Finding[] = [
    ...(placed && (type === 'file' || trouble === undefined) ? judgeEntry(found, place.of) : []),
    ...(trouble === undefined ? [] : [trouble]),
  ];
  const passed = findings.some(one => one.id === 'runs-by-accident' || one.id === 'never-runs');
  const runs = type === 'file' && (executable || script) && !passed;
  if (content === undefined || !runs) {
    return findings.length === 0 ? undefined : misplaced(path, ...findings);
  }
  return { path, name, placed, findings, content, context: contextOf(place, content, name), read: true };
}

function contextOf(place: Place, content: Uint8Array, name: string): HookContext {
  if (place.of === 'libvirt') {
    return { kind: 'libvirt', driver: place.driver };
  }
  const guess = place.of === 'vdsm' ? 'vdsm' : guessOwner(content, name);
  if (guess === undefined) {
    return { kind: 'unknown' };
  }
  return guess === 'vdsm'
    ? {
        kind: 'vdsm',
        events: place.of === 'vdsm' ? place.events : [],
        declares: declaredIn(place.beside, content),
      }
    : { kind: 'libvirt', driver: guess };
}
