import { findHookPoint, HOOK_POINTS } from '../../catalog/events.ts';
import { hooksAt } from '../../catalog/hook-events.ts';
import { LIBVIRT_DRIVERS, type LibvirtDriverHooks } from '../../catalog/libvirt-drivers.ts';
import { allOperations, findDriver, findOperations } from '../../catalog/libvirt-events.ts';
import { eventPage } from '../../report/catalog/catalog-event.ts';
import { eventList } from '../../report/catalog/catalog-events.ts';
import { eventDocument } from '../../report/catalog/catalog-json.ts';
import {
  driverDocument,
  driverPage,
  operationDocument,
  operationList,
  operationPage,
} from '../../report/catalog/catalog-libvirt.ts';
import { readCatalog } from '../options/read-catalog.ts';
import type { ShowOptions } from './hooks.ts';
import { hint, look, print, printJson, unknown } from './print.ts';

export interface EventsOptions extends ShowOptions {
  /** A driver of libvirt; true for all of them. */
  readonly driver?: string | true;
}

const COMMAND = 'hooks events';

/**
 * The command `hooks events [EVENT]`: all hook points of VDSM and the operations of libvirt's drivers, or one of them
 * with its rules: `before_vm_start`, `qemu`, `qemu/prepare`. An operation that several drivers have is told of each.
 * @throws {InputError} for a name that is none of them, and for a site's catalogue with faults.
 */
export async function showEvents(name: string | undefined, options: EventsOptions): Promise<number> {
  const { driver, json } = options;
  if (driver === true && name === undefined) {
    return showDrivers(json);
  }
  if (typeof driver === 'string') {
    const found = driverOf(driver);
    return name === undefined ? showDriver(found, json) : showOperations(`${driver}/${name}`, json);
  }
  if (name === undefined) {
    return showAll(options);
  }
  const point = findHookPoint(name);
  if (point !== undefined) {
    const hooks = hooksAt(name, (await readCatalog(options)).hooks);
    return json
      ? printJson(COMMAND, { event: eventDocument(point, hooks) })
      : print(eventPage(point, hooks, look()));
  }
  const found = findDriver(name);
  return found === undefined ? showOperations(name, json) : showDriver(found, json);
}

async function showAll(options: EventsOptions): Promise<number> {
  if (options.json) {
    const { hooks } = await readCatalog(options);
    return printJson(COMMAND, {
      events: HOOK_POINTS.map(point => eventDocument(point, hooksAt(point.name, hooks))),
      drivers: LIBVIRT_DRIVERS.map(driverDocument),
    });
  }
  print(`${eventList(HOOK_POINTS, look())}\n\n${operationList(allOperations(), look())}`);
  hint([
    'INPUT, STDIN: what a script finds. OUTPUT: what it leaves there, or prints, is used.',
    'ABORTS: a failing script aborts the operation. VDSM, OVIRT, LIBVIRT: the first release with it.',
    'hookfleet hooks events EVENT tells the rules of one; of libvirt: qemu, qemu/prepare',
  ]);
  return 0;
}

function showDrivers(json: boolean | undefined): number {
  return json
    ? printJson(COMMAND, { drivers: LIBVIRT_DRIVERS.map(driverDocument) })
    : print(operationList(allOperations(), look()));
}

function showDriver(driver: LibvirtDriverHooks, json: boolean | undefined): number {
  return json ? printJson(COMMAND, { driver: driverDocument(driver) }) : print(driverPage(driver, look()));
}

/** One operation as a page, several of the same name as a list. */
function showOperations(name: string, json: boolean | undefined): number {
  const found = findOperations(name);
  const [only, ...others] = found;
  if (only === undefined) {
    throw unknown('event', name, everyName(), 'hookfleet hooks events');
  }
  if (json) {
    return printJson(
      COMMAND,
      others.length === 0
        ? { operation: operationDocument(only) }
        : { operations: found.map(operationDocument) },
    );
  }
  if (others.length === 0) {
    return print(operationPage(only, look()));
  }
  print(operationList(found, look()));
  hint([`${found.length} drivers of libvirt have it: hookfleet hooks events ${only.driver.driver}/${name}`]);
  return 0;
}

function everyName(): string[] {
  return [
    ...HOOK_POINTS.map(known => known.name),
    ...LIBVIRT_DRIVERS.map(({ driver }) => driver),
    ...allOperations().flatMap(({ driver, operation }) => [
      operation.name,
      `${driver.driver}/${operation.name}`,
    ]),
  ];
}

function driverOf(name: string): LibvirtDriverHooks {
  const found = findDriver(name);
  if (found === undefined) {
    const names = LIBVIRT_DRIVERS.map(({ driver }) => driver);
    throw unknown('driver of libvirt', name, names, 'hookfleet hooks events --driver');
  }
  return found;
}
