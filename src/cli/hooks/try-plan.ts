import { readFile } from 'node:fs/promises';
import { eventInput, type GivenFile } from '../../authoring/try/event-input.ts';
import { findDriverScripts, findEventScripts } from '../../authoring/try/find-scripts.ts';
import type { PassedOver } from '../../authoring/try/listing.ts';
import {
  type GivenProperties,
  type PropertyRead,
  propertyProblems,
  readProperties,
} from '../../authoring/try/property.ts';
import { readXml } from '../../authoring/try/read-xml.ts';
import { lendHooking } from '../../authoring/try/throw-away.ts';
import type { Tried } from '../../authoring/try/tried.ts';
import { type TryLimits, tryEvent } from '../../authoring/try/try-event.ts';
import { tryOperation } from '../../authoring/try/try-operation.ts';
import type { LibvirtDriverHooks, LibvirtOperation } from '../../catalog/libvirt-drivers.ts';
import { findDriver, isAlive } from '../../catalog/libvirt-events.ts';
import { InputError, type Problem } from '../../core/input-error.ts';
import { didYouMean } from '../../core/suggest.ts';
import { NAME_HERE, SAMPLES, UUID_HERE } from '../../resources/libvirt-hook/libvirt-hook-samples.ts';

/** What the user says of a try. */
export interface TryWishes {
  readonly event?: string;
  readonly driver?: string;
  readonly op?: string;
  readonly domxml?: string;
  readonly prop?: readonly string[];
  readonly deviceProp?: readonly string[];
}

/** What is to be run, found before anything is. */
export interface TryPlan {
  readonly caller: 'VDSM' | 'libvirt';
  readonly passedOver: readonly PassedOver[];
  /** Each operation; `hooking` says whether the module is hookfleet's own. */
  readonly tries: readonly ((limits: TryLimits) => Promise<{ tried: Tried; lent: boolean }>)[];
}

/** A file with more than this is no domain XML. */
const LARGEST_INPUT = 16 * 1024 * 1024;

/**
 * Finds what a try is to run, and on what; runs nothing.
 *
 * @throws {InputError} for words that are wrong, and a path with nothing to run.
 */
export async function planTry(path: string, wishes: TryWishes): Promise<TryPlan> {
  const problems = excluded(wishes);
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  const file = wishes.domxml === undefined ? undefined : await readGiven(wishes.domxml);
  return wishes.driver === undefined
    ? planEvent(path, file, wishes)
    : planDriver(path, wishes.driver, file, wishes);
}

function excluded({ event, driver, op, prop, deviceProp }: TryWishes): Problem[] {
  const libvirt = driver !== undefined;
  return [
    ...(libvirt && event !== undefined
      ? [{ message: '--event is of VDSM, --driver of libvirt', hint: 'Give one of them.' }]
      : []),
    ...(!libvirt && op !== undefined
      ? [{ message: '--op is of libvirt', hint: 'Name the driver too: --driver qemu.' }]
      : []),
    ...(libvirt && (prop ?? deviceProp) !== undefined
      ? [{ message: 'libvirt gives its hooks no custom properties', hint: 'Leave --prop out.' }]
      : []),
  ];
}

async function planEvent(path: string, file: GivenFile | undefined, wishes: TryWishes): Promise<TryPlan> {
  const { point, scripts, passedOver } = await findEventScripts(path, wishes.event);
  const properties = propertiesOf(wishes);
  const problems = propertyProblems(point, properties);
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  const input = eventInput(point, file, properties.vm);
  return {
    caller: 'VDSM',
    passedOver,
    tries: [
      async limits => {
        const hooking = await lendHooking(limits.folder);
        return {
          tried: await tryEvent(point, scripts, input, properties, hooking, limits),
          lent: hooking.lent,
        };
      },
    ],
  };
}

function propertiesOf(wishes: TryWishes): GivenProperties {
  const vm = readProperties(wishes.prop ?? [], '--prop');
  const device = readProperties(wishes.deviceProp ?? [], '--device-prop');
  if ('problems' in vm || 'problems' in device) {
    throw new InputError(
      [vm, device].flatMap((one: PropertyRead) => ('problems' in one ? one.problems : [])),
    );
  }
  return { vm: vm.properties, device: device.properties };
}

async function planDriver(
  path: string,
  driver: string,
  file: GivenFile | undefined,
  wishes: TryWishes,
): Promise<TryPlan> {
  const hooks = driverOf(driver);
  const operations = operationsOf(hooks, wishes.op);
  if (file !== undefined) {
    const read = readXml(file.text, false);
    if ('fault' in read) {
      throw new InputError([
        { place: { file: file.path, line: read.line }, message: `is no well-formed XML: ${read.fault}` },
      ]);
    }
  }
  const { scripts, passedOver } = await findDriverScripts(path, hooks.driver);
  return {
    caller: 'libvirt',
    passedOver,
    tries: operations.map(operation => async limits => {
      const input = inputOf(operation, file);
      return { tried: await tryOperation(hooks, operation, scripts, input, limits), lent: false };
    }),
  };
}

function driverOf(driver: string): LibvirtDriverHooks {
  const found = findDriver(driver);
  if (found === undefined) {
    throw new InputError([
      {
        message: `unknown driver of libvirt "${driver}"`,
        hint: 'hookfleet hooks events --driver shows them all',
      },
    ]);
  }
  return found;
}

function operationsOf({ driver, operations }: LibvirtDriverHooks, op: string | undefined) {
  const alive = operations.filter(isAlive);
  const names = `${alive.map(one => one.name).join(', ')}, or all of them: --op all.`;
  if (op === undefined) {
    throw new InputError([{ message: `--driver ${driver} wants an operation`, hint: `Give --op ${names}` }]);
  }
  const found = op === 'all' ? alive : operations.filter(one => one.name === op);
  if (found.length === 0) {
    const near = didYouMean(
      op,
      operations.map(one => one.name),
    );
    const hint = near === undefined ? `There is ${names}` : `Did you mean "${near}"?`;
    throw new InputError([{ message: `unknown operation of ${driver} "${op}"`, hint }]);
  }
  return found;
}

function inputOf({ stdin }: LibvirtOperation, file: GivenFile | undefined) {
  if (stdin === 'none') {
    return { stdin: undefined, given: 'nothing' };
  }
  const sample = SAMPLES[stdin]
    .replaceAll(NAME_HERE, 'sample')
    .replaceAll(UUID_HERE, '6a7b4ba9-5a8f-4c5e-9d7e-0c1f5a0f3b21');
  return { stdin: file?.text ?? sample, given: file?.path ?? `a sample of a ${stdin}` };
}

async function readGiven(path: string): Promise<GivenFile> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > LARGEST_INPUT) {
      throw new InputError([
        { place: { file: path }, message: 'is too large', hint: 'Name an XML or JSON file.' },
      ]);
    }
    return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof InputError) {
      throw error;
    }
    const message =
      error instanceof Error && 'code' in error ? `cannot be read: ${error.code}` : 'is not UTF-8';
    throw new InputError([{ place: { file: path }, message, hint: 'Name an XML or JSON file.' }]);
  }
}
