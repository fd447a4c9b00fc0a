import type { Hook } from './hooks.ts';
import { NEWEST, ovirtReleases, releaseOf } from './releases.ts';

/** A version that somebody asks for: of VDSM (`4.40.60`, or a series, `4.40`), or a release of oVirt (`4.4`). */
export interface AskedVersion {
  readonly of: 'vdsm' | 'ovirt';
  readonly parts: readonly number[];
}

/**
 * Reads a version. oVirt went from 3.0 to 4.5 and VDSM from 4.9 to 4.50, so the numbers tell which of the two is meant;
 * of `4.5.6` the release is 4.5.
 *
 * @returns undefined for what is no version of either that the catalogue knows.
 */
export function readAskedVersion(text: string): AskedVersion | undefined {
  const [, digits = ''] = /^(?:(?:ovirt|vdsm)[ -]*)?(\d+\.\d+(?:\.\d+)*)$/i.exec(text.trim()) ?? [];
  const parts = digits.split('.').map(Number);
  const release = parts.slice(0, 2).join('.');
  if (ovirtReleases().includes(release)) {
    return { of: 'ovirt', parts: parts.slice(0, 2) };
  }
  return releaseOf(digits).ovirt === 'unknown' ? undefined : { of: 'vdsm', parts };
}

/** What {@link readAskedVersion} takes, for messages. */
export const KNOWN_VERSIONS = `oVirt 3.0 to ${NEWEST.ovirt}, VDSM 4.9 to ${NEWEST.vdsm.split('.').slice(0, 2).join('.')}`;

/**
 * Whether a version has a hook. A series of VDSM stands for its newest version. A hook of which nobody knows since when
 * it is there is taken for there.
 */
export function isAvailable({ since, removed }: Hook, { of, parts }: AskedVersion): boolean {
  if (of === 'ovirt') {
    const first = since === undefined ? undefined : split(since.ovirt.split('/')[0] ?? '');
    const last = removed === undefined ? undefined : split(removed.lastOvirt.split('/').at(-1) ?? '');
    return (
      (first === undefined || compare(first, parts) <= 0) && (last === undefined || compare(parts, last) <= 0)
    );
  }
  const asked = parts.length === 2 ? [...parts, Number.POSITIVE_INFINITY] : parts;
  return (
    (since === undefined || compare(split(since.vdsm), asked) <= 0) &&
    (removed === undefined || compare(asked, split(removed.sinceVdsm)) < 0)
  );
}

function split(version: string): number[] {
  return version.split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const different = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find(
    i => (a[i] ?? 0) !== (b[i] ?? 0),
  );
  return different === undefined ? 0 : (a[different] ?? 0) < (b[different] ?? 0) ? -1 : 1;
}
