/** A release of VDSM, by its git tag, and of the oVirt that ships it; the oldest tags belong to either of two (`3.0/3.1`). */
export interface Release {
  readonly vdsm: string;
  readonly ovirt: string;
}

/** The release that the catalogue was made from: what is not removed there counts as current. */
export const NEWEST: Release = { vdsm: '4.50.7', ovirt: '4.5' };

/** Which oVirt release ships a series of VDSM. Source: the tags of vdsm and the release notes of oVirt. */
const OVIRT_OF_SERIES: Readonly<Record<string, string>> = {
  '4.9': '3.0/3.1',
  '4.10': '3.1/3.2',
  '4.11': '3.3',
  '4.12': '3.3',
  '4.13': '3.3',
  '4.14': '3.4',
  '4.15': '3.5',
  '4.16': '3.5',
  '4.17': '3.6',
  '4.18': '4.0',
  '4.19': '4.1',
  '4.20': '4.2',
  '4.30': '4.3',
  '4.40': '4.4',
  '4.50': '4.5',
};

/** The release with this VDSM tag (`4.17.1`); its oVirt is `unknown` for a series that the catalogue does not know. */
export function releaseOf(vdsm: string): Release {
  const series = vdsm.split('.').slice(0, 2).join('.');
  return { vdsm, ovirt: OVIRT_OF_SERIES[series] ?? 'unknown' };
}

/** The releases of oVirt that are known, oldest first: `3.0`, `3.1` … */
export function ovirtReleases(): readonly string[] {
  return [...new Set(Object.values(OVIRT_OF_SERIES).flatMap(releases => releases.split('/')))];
}
