import { type DeployedDriver, driverHooks } from '../../catalog/libvirt-drivers.ts';
import type { Change } from '../../core/change.ts';
import { octal, shorten } from '../package/rpm.ts';
import type { DiskFile } from '../vdsm-hook/vdsm-hook-found.ts';
import type { RunningDaemon } from './libvirt-hook-daemons.ts';
import { driverOf, type LibvirtHooksFound } from './libvirt-hook-found.ts';
import {
  folderOf,
  hookPath,
  type LibvirtHook,
  type LibvirtHooksWanted,
  listedAs,
  MODE,
  OWNER,
} from './libvirt-hook-wanted.ts';

/** Holds a present hook against the host. */
export function diffHook(hook: LibvirtHook, playbook: string, found: LibvirtHooksFound): Change[] {
  const path = hookPath(hook);
  const change = changeOf(path);
  const disk = found.disk.get(path);
  const content = `content ${shorten(hook.sha256)}`;
  if (disk?.type !== 'file') {
    return [change('place', disk ? `link to ${disk.linkTarget}` : null, content)];
  }
  const digest = found.digests.get(path);
  if (digest !== hook.sha256) {
    return [change('content', `content ${shorten(digest ?? 'unknown')}`, content)];
  }
  const label = found.labels.get(path);
  const placed = found.placed.get(path);
  const isListed = placed?.hook === listedAs(hook) && placed.sha256 === hook.sha256;
  return [
    ...diffRights(path, disk),
    ...(label ? [change('label', label.found, label.wanted)] : []),
    ...(isListed ? [] : [change('list', 'not listed as placed', `listed as placed by ${playbook}`)]),
  ];
}

/** The folders of present hooks: a daemon of an ordinary user does not start where it cannot look into one. */
export function diffFolder(driver: DeployedDriver, found: LibvirtHooksFound): Change[] {
  const disk = found.disk.get(folderOf(driver));
  return disk ? diffRights(folderOf(driver), disk) : [];
}

function diffRights(path: string, { mode, user, group }: DiskFile): Change[] {
  const owner = `${user}:${group}`;
  const change = changeOf(path);
  return [
    ...(owner === OWNER ? [] : [change('owner', owner, OWNER)]),
    ...(mode === MODE ? [] : [change('mode', octal(mode), octal(MODE))]),
  ];
}

function changeOf(id: string) {
  return (action: string, before: string | null, after: string | null): Change => {
    return { resource: 'libvirt-hook', id, action, before, after };
  };
}

/** The drivers that the play has present hooks of. */
export function presentDrivers({ hooks }: LibvirtHooksWanted): DeployedDriver[] {
  return [...new Set(hooks.flatMap(({ driver, state }) => (state === 'present' ? [driver] : [])))];
}

/** A daemon that runs, and a driver of whose hooks it is to know. */
export interface Looking {
  readonly driver: DeployedDriver;
  readonly daemon: RunningDaemon;
  /** Whether it calls the driver's hooks, those that come included. */
  readonly knows: boolean;
}

/**
 * Which of the running daemons call the hooks of the play's drivers. Whether a driver has hooks at all, a daemon finds out
 * when it starts and when it is reloaded; once there is one, it looks into the folder at every call.
 */
export function lookingDaemons(wanted: LibvirtHooksWanted, found: LibvirtHooksFound): Looking[] {
  return presentDrivers(wanted).flatMap(driver => {
    const hooks = found.executables.filter(({ path }) => driverOf(path) === driver);
    const units = driverHooks(driver).daemons.map(({ unit }) => unit);
    return found.daemons
      .filter(({ unit }) => units.includes(unit))
      .map(daemon => ({
        driver,
        daemon,
        knows:
          hooks.some(({ changed }) => changed < daemon.looked) ||
          (hooks.length > 0 && found.noticed.get(`${driver}.${daemon.unit}`) === daemon.identity),
      }));
  });
}

/** One reload for each daemon that does not call the hooks of some driver yet. */
export function diffReloads(looking: readonly Looking[]): Change[] {
  const deaf = looking.filter(({ knows }) => !knows);
  return [...new Set(deaf.map(({ daemon }) => daemon.unit))].map(unit => {
    const drivers = deaf.filter(({ daemon }) => daemon.unit === unit).map(({ driver }) => driver);
    return changeOf(unit)('reload', `does not look for ${drivers.join(' and ')} hooks`, 'looks for them');
  });
}
