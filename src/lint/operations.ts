import {
  driverHooks,
  findOperation,
  LIBVIRT_DRIVERS,
  type LibvirtDriver,
  type LibvirtOperation,
} from '../catalog/libvirt-drivers.ts';
import { didYouMean } from '../core/suggest.ts';
import { type Finding, finding } from './finding.ts';

/** Whether some release of libvirt calls the operation, today's or an older one. */
export function isReal(operation: LibvirtOperation | undefined): boolean {
  return operation !== undefined && operation.since !== null;
}

/** What is wrong with asking for an operation: a script waits for it in vain where libvirt never calls it. */
export function judgeOperation(driver: LibvirtDriver, name: string, line: number): Finding | undefined {
  const operation = findOperation(driver, name);
  if (operation?.since === null) {
    return finding(
      'unknown-operation',
      line,
      `no release of libvirt calls the ${driver} operation ${name}, so what stands behind it never runs`,
      operation.instead ?? 'Take it out.',
    );
  }
  if (operation !== undefined) {
    return operation.removedIn === undefined
      ? undefined
      : finding(
          'unknown-operation',
          line,
          `libvirt calls the ${driver} operation ${name} no more since ${operation.removedIn}, so what stands behind it never runs there`,
          operation.instead ?? 'Take it out.',
          'warning',
        );
  }
  const others = LIBVIRT_DRIVERS.filter(one => findOperation(one.driver, name)).map(one => one.driver);
  const names = driverHooks(driver)
    .operations.filter(isReal)
    .map(one => one.name);
  const near = didYouMean(name, names);
  return others.length > 0
    ? finding(
        'unknown-operation',
        line,
        `the ${driver} driver has no operation ${name}: it is one of ${others.join(', ')}`,
        'Say with --driver whose hook this is, or take it out.',
        'warning',
      )
    : finding(
        'unknown-operation',
        line,
        `libvirt knows no ${driver} operation ${name}, so what stands behind it never runs`,
        near === undefined ? `There are ${names.join(', ')}.` : `Did you mean "${near}"?`,
      );
}

/** The operations at which libvirt takes what a hook prints for the new XML of the guest. */
export function filterOperations(driver: LibvirtDriver): string[] {
  return driverHooks(driver)
    .operations.filter(one => one.output)
    .map(one => one.name);
}
