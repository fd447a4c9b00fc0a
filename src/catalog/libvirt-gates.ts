import gte from 'semver/functions/gte.js';
import parse from 'semver/functions/parse.js';
import { driverHooks, findOperation, type LibvirtDriver, type LibvirtOperation } from './libvirt-drivers.ts';

/** The first libvirt that looks into `<driver>.d` (libvirt: docs/hooks.rst, NEWS.rst of 6.5.0). */
export const DROP_INS_SINCE = '6.5.0';

/** The newest libvirt that was looked at for operations that no release has. */
const LOOKED_AT = '12.8.0';

/** A version as the daemons print it with `--version`: `9.0.0`; undefined for text without one. */
export function readLibvirtVersion(text: string): string | undefined {
  return parse(/(?:^|\s)(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)\s*$/m.exec(text)?.[1])?.version;
}

/** Whether a libvirt runs the scripts in `<driver>.d` at all. */
export function hasDropIns(version: string): boolean {
  return reaches(version, DROP_INS_SINCE);
}

/** Whether a libvirt calls an operation. Distributions backport, so a version is a floor. */
export function isCalled({ since, removedIn }: LibvirtOperation, version: string): boolean {
  return (
    since !== null && reaches(version, since) && (removedIn === undefined || !reaches(version, removedIn))
  );
}

/** Why a libvirt does not call an operation, and what to do instead. */
export interface NotCalled {
  readonly message: string;
  readonly hint: string;
}

/**
 * What is wrong with a hook for an operation that the host's libvirt does not call: it would lie there and never run.
 *
 * @param extra operations that a patched libvirt calls besides.
 * @returns undefined where it is called.
 */
export function whyNotCalled(
  driver: LibvirtDriver,
  name: string,
  version: string,
  extra: readonly string[],
): NotCalled | undefined {
  const operation = findOperation(driver, name);
  if (extra.includes(name) || (operation && isCalled(operation, version))) {
    return undefined;
  }
  const subject = `libvirt ${version} of this host does not call the ${driver} operation ${name}`;
  const unless = `A libvirt patched to call it is named with \`libvirt_extra_operations: [${name}]\` in the inventory.`;
  if (operation === undefined) {
    return { message: `${subject}: no release is known to have it`, hint: unless };
  }
  const { since, removedIn, instead } = operation;
  if (since === null) {
    return {
      message: `${subject}: no release has it (checked up to ${LOOKED_AT})`,
      hint: [instead, unless].filter(Boolean).join(' '),
    };
  }
  if (removedIn !== undefined && reaches(version, removedIn)) {
    return { message: `${subject}: it was there from ${since} until ${removedIn}`, hint: instead ?? unless };
  }
  return {
    message: `${subject}: it exists since ${since}`,
    hint: instead ?? `Take the operation out, or bring libvirt ${since} or newer to the host.`,
  };
}

/** One call of a hook, without its object: what stands behind the name of the domain or network. */
export interface HookCall {
  readonly operation: string;
  readonly subOperation: string;
  readonly extra: string;
  readonly stdin: LibvirtOperation['stdin'];
}

/** Every call that hooks of a driver get from a libvirt; of `release`, one reason with a blank in it too. */
export function callsOf(driver: LibvirtDriver, version: string, extra: readonly string[]): HookCall[] {
  return driverHooks(driver)
    .operations.filter(one => isCalled(one, version) || extra.includes(one.name))
    .flatMap(({ name, subOperation, extra: fourth, reasonSince, stdin }) => {
      const withReason = reasonSince !== undefined && reaches(version, reasonSince);
      const extras = withReason ? [fourth, 'from snapshot'] : [reasonSince === undefined ? fourth : '-'];
      return extras.map(one => ({ operation: name, subOperation, extra: one, stdin }));
    });
}

function reaches(version: string, since: string): boolean {
  return gte(version, since);
}
