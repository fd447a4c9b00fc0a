/** A package's version as RPM orders it: epoch, then version, then release. */
export interface Evr {
  readonly epoch: number;
  readonly version: string;
  /** Null where only a version is named: then every release of it is meant. */
  readonly release: string | null;
}

/** Reads `epoch:version-release`; a missing epoch is 0, as in a package's requirements (rpm: lib/rpmds.c). */
export function parseEvr(text: string): Evr {
  const [, epoch = '0', rest = text] = /^(\d+):(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash === -1
    ? { epoch: Number(epoch), version: rest, release: null }
    : { epoch: Number(epoch), version: rest.slice(0, dash), release: rest.slice(dash + 1) };
}

/**
 * Compares two of `epoch:version-release` by RPM's rule: negative, 0 or positive as the first is older, the same or
 * newer. Where one of them has no release, releases do not count (rpm: lib/rpmds.c, rpmdsCompareEVR).
 */
export function compareEvr(a: string, b: string): number {
  const [one, two] = [parseEvr(a), parseEvr(b)];
  return (
    one.epoch - two.epoch ||
    compareVersions(one.version, two.version) ||
    (one.release === null || two.release === null ? 0 : compareVersions(one.release, two.release))
  );
}

/** Compares two versions, or two releases, part by part: rpm: rpmio/rpmvercmp.c. */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(one.length, two.length); i++) {
    const order = compareParts(one[i], two[i]);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

/** Runs of digits, runs of letters, and each `~` and `^`; what stands between them does not count. */
function partsOf(text: string): readonly string[] {
  return text.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? [];
}

/** `~` is older than the end of the text, `^` is newer than it but older than anything else; a number is newer than a word. */
function compareParts(a: string | undefined, b: string | undefined): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0 || a === undefined || b === undefined) {
    return rank;
  }
  return /^\d/.test(a) ? compareNumbers(a, b) : compareText(a, b);
}

function rankOf(part: string | undefined): number {
  switch (part) {
    case '~':
      return 0;
    case undefined:
      return 1;
    case '^':
      return 2;
    default:
      return /^\d/.test(part) ? 4 : 3;
  }
}

/** Digits of any length: a date with a serial number is longer than what a number of JavaScript holds exactly. */
function compareNumbers(a: string, b: string): number {
  const [one, two] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return one.length - two.length || compareText(one, two);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
