import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { findHookPoint, HOOK_POINTS, type HookPoint } from '../../catalog/events.ts';
import type { LibvirtDriver } from '../../catalog/libvirt-drivers.ts';
import { InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { didYouMean } from '../../core/suggest.ts';
import { installedScripts } from '../../lint/makefile.ts';
import { type Caller, type Listing, listFile, listFolder } from './listing.ts';

/** The scripts of an event. */
export interface EventScripts extends Listing {
  readonly point: HookPoint;
}

/**
 * The scripts that VDSM would run at an event, if they lay in its folder: PATH is a hook (event folders below it), a hook in
 * VDSM's source with its Makefile.am, the folder of one event, or one script.
 *
 * @param event may be left out where the path says it.
 * @throws {InputError} for a path with nothing there, or nothing that would run; an event that there is not, or that the path
 * does not have.
 */
export async function findEventScripts(path: string, event: string | undefined): Promise<EventScripts> {
  const asked = event === undefined ? undefined : pointOf(event);
  const real = await realPath(path);
  if ((await stat(real)).isFile()) {
    const point = asked ?? findHookPoint(basename(dirname(real))) ?? whichEvent(path, []);
    return { point, ...someOf(await listFile(resolve(path), 'VDSM'), path, 'VDSM') };
  }
  const events: string[] = [];
  for (const { name } of HOOK_POINTS) {
    if (
      await stat(join(real, name)).then(
        found => found.isDirectory(),
        () => false,
      )
    ) {
      events.push(name);
    }
  }
  const own = findHookPoint(basename(real));
  if (events.length > 0) {
    const [only, ...others] = events;
    const alone = others.length === 0 && only !== undefined ? findHookPoint(only) : undefined;
    const point = asked ?? alone ?? whichEvent(path, events);
    if (!events.includes(point.name)) {
      throw notThere(path, point, events);
    }
    const folder = join(resolve(path), point.name);
    return { point, ...someOf(await listFolder(folder, 'VDSM'), join(path, point.name), 'VDSM') };
  }
  const makefile = await readFile(join(real, 'Makefile.am'), 'utf8').catch(() => '');
  const built = installedScripts(makefile);
  if (own === undefined && built.length > 0) {
    return fromSource(path, built, asked);
  }
  if (own !== undefined && asked !== undefined && own !== asked) {
    throw notThere(path, asked, [own.name]);
  }
  const point = own ?? asked ?? whichEvent(path, []);
  return { point, ...someOf(await listFolder(resolve(path), 'VDSM'), path, 'VDSM') };
}

/** The scripts of a hook in VDSM's source, in the order of the names under which they are installed. */
async function fromSource(
  path: string,
  built: ReturnType<typeof installedScripts>,
  asked: HookPoint | undefined,
): Promise<EventScripts> {
  const events = [...new Set(built.map(one => one.event))];
  const [only, ...others] = events;
  const alone = others.length === 0 && only !== undefined ? findHookPoint(only) : undefined;
  const point = asked ?? alone ?? whichEvent(path, events);
  if (!events.includes(point.name)) {
    throw notThere(path, point, events);
  }
  const files = built
    .filter(one => one.event === point.name)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(one => join(resolve(path), one.file));
  const listings = await Promise.all(files.map(file => listFile(file, 'VDSM')));
  const listing = {
    scripts: listings.flatMap(one => one.scripts),
    passedOver: listings.flatMap(one => one.passedOver),
  };
  return { point, ...someOf(listing, path, 'VDSM') };
}

/**
 * The scripts that libvirt would run of a driver, its main script first: PATH is a folder of drop-ins, a folder with
 * `<driver>` or `<driver>.d` in it as /etc/libvirt/hooks, or one script.
 *
 * @throws {InputError} for a path with nothing there, or nothing that would run.
 */
export async function findDriverScripts(path: string, driver: LibvirtDriver): Promise<Listing> {
  const real = await realPath(path);
  if ((await stat(real)).isFile()) {
    return someOf(await listFile(resolve(path), 'libvirt'), path, 'libvirt');
  }
  const main = join(resolve(path), driver);
  const dropIns = `${main}.d`;
  const hasMain = await stat(main).then(
    found => found.isFile(),
    () => false,
  );
  const hasDropIns = await stat(dropIns).then(
    found => found.isDirectory(),
    () => false,
  );
  if (!hasMain && !hasDropIns) {
    return someOf(await listFolder(resolve(path), 'libvirt'), path, 'libvirt');
  }
  const none: Listing = { scripts: [], passedOver: [] };
  const [first, others] = await Promise.all([
    hasMain ? listFile(main, 'libvirt') : none,
    hasDropIns ? listFolder(dropIns, 'libvirt') : none,
  ]);
  const listing = {
    scripts: [...first.scripts, ...others.scripts],
    passedOver: [...first.passedOver, ...others.passedOver],
  };
  return someOf(listing, path, 'libvirt');
}

async function realPath(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    const found = await stat(real);
    if (found.isFile() || found.isDirectory()) {
      return real;
    }
  } catch (error) {
    const message =
      error instanceof Error && 'code' in error && error.code === 'EACCES'
        ? 'cannot be read'
        : 'is not there';
    throw new InputError([
      { place: { file: path }, message, hint: 'Name a hook, an event folder or a script.' },
    ]);
  }
  throw new InputError([
    {
      place: { file: path },
      message: 'is neither a file nor a folder',
      hint: 'Name a hook, an event folder or a script.',
    },
  ]);
}

function pointOf(event: string): HookPoint {
  const found = findHookPoint(event);
  if (found === undefined) {
    const near = didYouMean(
      event,
      HOOK_POINTS.map(point => point.name),
    );
    const hint = near ? `Did you mean "${near}"?` : 'hookfleet hooks events shows them all';
    throw new InputError([{ message: `unknown event "${event}"`, hint }]);
  }
  return found;
}

function whichEvent(path: string, events: readonly string[]): never {
  throw new InputError([
    {
      place: { file: path },
      message: events.length > 0 ? 'has scripts for several events' : 'does not say at which event it runs',
      hint: `Name one with --event${events.length > 0 ? `: ${events.join(', ')}` : '; hookfleet hooks events shows them all'}`,
    },
  ]);
}

function notThere(path: string, { name }: HookPoint, events: readonly string[]): InputError {
  return new InputError([
    { place: { file: path }, message: `has nothing for ${name}`, hint: `It has ${events.join(', ')}.` },
  ]);
}

function someOf(listing: Listing, path: string, caller: Caller): Listing {
  if (listing.scripts.length > 0) {
    return listing;
  }
  const reasons = listing.passedOver.map(({ name, why }) => `${printable(name)}: ${why}.`);
  const chmod = listing.passedOver.some(({ why }) => why.includes('x bit'))
    ? ' Make it executable: chmod 0755.'
    : '';
  throw new InputError([
    {
      place: { file: path },
      message: `${caller} would run nothing here, without a word`,
      hint: reasons.length > 0 ? `${reasons.slice(0, 10).join(' ')}${chmod}` : 'There is no file.',
    },
  ]);
}
