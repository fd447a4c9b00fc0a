import { LIBVIRT_DRIVERS, type LibvirtDriverHooks, type LibvirtOperation } from './libvirt-drivers.ts';

/** An operation with the driver that calls it: the same name may be of several. */
export interface DriverOperation {
  readonly driver: LibvirtDriverHooks;
  readonly operation: LibvirtOperation;
}

/** The driver of that name, or undefined. */
export function findDriver(name: string): LibvirtDriverHooks | undefined {
  return LIBVIRT_DRIVERS.find(one => one.driver === name);
}

/** Every operation of the drivers, in their order. */
export function allOperations(drivers: readonly LibvirtDriverHooks[] = LIBVIRT_DRIVERS): DriverOperation[] {
  return drivers.flatMap(driver => driver.operations.map(operation => ({ driver, operation })));
}

/** The operations that a name means: `qemu/migrate` one, `migrate` that of every driver that has it. */
export function findOperations(name: string): DriverOperation[] {
  const [first = '', second] = name.split('/');
  return second === undefined
    ? allOperations().filter(({ operation }) => operation.name === first)
    : allOperations().filter(({ driver, operation }) => driver.driver === first && operation.name === second);
}

/** Whether libvirt calls an operation today: some release did, and none has given it up. */
export function isAlive({ since, removedIn }: LibvirtOperation): boolean {
  return since !== null && removedIn === undefined;
}
