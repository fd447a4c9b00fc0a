/** The line of a libvirt daemon's configuration that says whom it asks whether a client may do something. */

/** What `access_drivers` says. */
export interface AccessDrivers {
  /** Where its value stands, from the `[` to behind the `]`. */
  readonly from: number;
  readonly to: number;
  readonly drivers: readonly string[];
}

/** The driver that asks polkit. */
const POLKIT = 'polkit';

/** All that libvirt has; with another one its daemon does not start (libvirt: src/access/viraccessmanager.c; run with 9.0.0). */
const KNOWN: readonly string[] = ['none', POLKIT];

const LINE = `access_drivers = [ "${POLKIT}" ]`;

/**
 * Reads the first `access_drivers` of a configuration, which is the one that counts (libvirt: src/util/virconf.c; run with
 * 9.0.0: of several lines the first).
 *
 * @returns undefined where there is none, and `unclear` where it cannot be told what it says, or it
 * names what libvirt does not have.
 */
export function readAccessDrivers(text: string): AccessDrivers | 'unclear' | undefined {
  const key = /^[ \t]*access_drivers[ \t]*=[ \t]*/m.exec(text);
  if (key === null) {
    return undefined;
  }
  const from = key.index + key[0].length;
  const list = /^\[((?:\s|,|"[^"\n\\]*"|'[^'\n\\]*')*)\]/.exec(text.slice(from));
  if (list === null) {
    return 'unclear';
  }
  const drivers = [...(list[1] ?? '').matchAll(/"([^"]*)"|'([^']*)'/g)].map(
    ([, double, single]) => double ?? single ?? '',
  );
  return drivers.every(driver => KNOWN.includes(driver))
    ? { from, to: from + list[0].length, drivers }
    : 'unclear';
}

export function asksPolkit(text: string): boolean {
  const found = readAccessDrivers(text);
  return typeof found === 'object' && found.drivers.includes(POLKIT);
}

/** What a person sees of it; null where nothing is said. */
export function shownAccessDrivers(text: string): string | null {
  const found = readAccessDrivers(text);
  return typeof found === 'object'
    ? `access_drivers = ${printed(found.drivers)}`
    : found === 'unclear'
      ? 'access_drivers that cannot be read'
      : null;
}

/**
 * The same configuration, with polkit asked besides whoever is asked already. No other line changes: a new line comes
 * behind the commented default, or at the end.
 *
 * @returns undefined where it cannot be told what the configuration says.
 */
export function withPolkit(text: string): string | undefined {
  const found = readAccessDrivers(text);
  if (found === 'unclear') {
    return undefined;
  }
  if (found !== undefined) {
    return found.drivers.includes(POLKIT)
      ? text
      : `${text.slice(0, found.from)}${printed([...found.drivers, POLKIT])}${text.slice(found.to)}`;
  }
  const sample = /^[ \t]*#[ \t]*access_drivers[ \t]*=.*(?:\n|$)/m.exec(text);
  const at = sample === null ? text.length : sample.index + sample[0].length;
  const head = text.slice(0, at);
  return `${head}${head === '' || head.endsWith('\n') ? '' : '\n'}${LINE}\n${text.slice(at)}`;
}

/**
 * Takes back what {@link withPolkit} did to a configuration, where others have edited it since.
 *
 * @param before the configuration as it was.
 */
export function withoutPolkit(text: string, before: string): string {
  const then = readAccessDrivers(before);
  if (text === withPolkit(before)) {
    return before;
  }
  const now = readAccessDrivers(text);
  // What says another thing than hookfleet wrote is somebody's own by now.
  if (typeof now !== 'object' || then === 'unclear') {
    return text;
  }
  if (then !== undefined) {
    const isOurs = printed(now.drivers) === printed([...then.drivers, POLKIT]);
    return isOurs
      ? `${text.slice(0, now.from)}${before.slice(then.from, then.to)}${text.slice(now.to)}`
      : text;
  }
  return printed(now.drivers) === printed([POLKIT]) ? withoutLine(text, now) : text;
}

/** However the line is written by now; where something else stands on it, it stays. */
function withoutLine(text: string, { from, to }: AccessDrivers): string {
  const start = text.lastIndexOf('\n', from) + 1;
  const rest = /^[ \t;]*\r?(?:\n|$)/.exec(text.slice(to));
  return rest === null ? text : `${text.slice(0, start)}${text.slice(to + rest[0].length)}`;
}

function printed(drivers: readonly string[]): string {
  return drivers.length === 0 ? '[]' : `[ ${drivers.map(driver => `"${driver}"`).join(', ')} ]`;
}
