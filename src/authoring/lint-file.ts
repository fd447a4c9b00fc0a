import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { findHookPoint } from '../catalog/events.ts';
import { notExecutable } from '../lint/names.ts';
import { installedIn } from './lint-folder.ts';
import { driverOf, type LintWishes, type Place, scriptAt } from './lint-place.ts';
import { type Found, type LintTarget, lookInto, textsIn } from './lint-target.ts';

/** One script that is named itself: where it lies, or what the user says, tells whose it is. */
export async function lintFile(found: Found, wishes: LintWishes): Promise<LintTarget[]> {
  const real = await realpath(found.path);
  const installed = installedIn(await lookInto(dirname(real)).catch(() => []));
  const events = installed.filter(one => one.file === basename(real)).map(one => one.event);
  const place = await placeOf(real, events, wishes);
  const target = scriptAt({ ...found, script: true }, place);
  const judged = place.of !== 'unknown' && place.placed;
  const skipped = !judged && events.length === 0 && !found.executable;
  return target === undefined
    ? []
    : [skipped ? { ...target, findings: [...target.findings, notExecutable(callerOf(target))] } : target];
}

async function placeOf(real: string, built: readonly string[], wishes: LintWishes): Promise<Place> {
  const folder = dirname(real);
  const name = basename(folder);
  const dropIn = driverOf(name, '.d');
  const main = folder.endsWith('/libvirt/hooks') ? driverOf(basename(real), '') : undefined;
  const driver = dropIn ?? wishes.driver ?? main;
  if (driver !== undefined) {
    return { of: 'libvirt', driver, placed: dropIn !== undefined };
  }
  const beside = await textsIn(folder);
  if (findHookPoint(name) !== undefined) {
    const above = await textsIn(dirname(folder));
    return { of: 'vdsm', events: [name], beside: `${beside}\n${above}`, placed: true };
  }
  const events = wishes.event === undefined ? built : [wishes.event];
  return events.length > 0 ? { of: 'vdsm', events, beside, placed: false } : { of: 'unknown', beside };
}

function callerOf({ context }: LintTarget): string {
  return context.kind === 'vdsm' ? 'VDSM' : context.kind === 'libvirt' ? 'libvirt' : 'whoever runs hooks';
}
