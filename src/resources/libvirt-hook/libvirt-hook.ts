import { HostError } from '../../core/failure.ts';
import type { Resource } from '../resource.ts';
import { diffFolder, diffHook, diffReloads, lookingDaemons, presentDrivers } from './libvirt-hook-diff.ts';
import { extras, notesOnOthers } from './libvirt-hook-extras.ts';
import { type LibvirtHooksFound, readLibvirtHooks } from './libvirt-hook-found.ts';
import { libvirtHooksProbe } from './libvirt-hook-probe.ts';
import { joinTroubles, refusal, versionTrouble } from './libvirt-hook-refusals.ts';
import { libvirtHookSteps } from './libvirt-hook-steps.ts';
import { hookPath, type LibvirtHooksWanted } from './libvirt-hook-wanted.ts';

/**
 * The folders of libvirt's hooks: the play's own scripts in them, that libvirt runs nothing there that nobody brought, and
 * that the daemons that run know of them. A host on which one of the hooks cannot be is left as it is.
 */
export const libvirtHookResource: Resource<LibvirtHooksWanted, LibvirtHooksFound> = {
  kind: 'libvirt-hook',

  probe: wanted =>
    libvirtHooksProbe({
      paths: wanted.hooks.map(hookPath),
      programs: [...new Set(wanted.hooks.flatMap(({ programs }) => programs))],
      drivers: presentDrivers(wanted),
    }),

  read(reply, { hooks, extraOperations }) {
    const found = readLibvirtHooks(reply);
    const { version } = found;
    const troubles = hooks.flatMap(hook =>
      hook.state === 'absent' || version === undefined ? [] : versionTrouble(hook, version, extraOperations),
    );
    if (troubles.length > 0) {
      throw new HostError('failed', { kind: 'libvirt-version', step: 'probe', ...joinTroubles(troubles) });
    }
    return found;
  },

  diff(wanted, found) {
    const present = wanted.hooks.filter(({ state }) => state === 'present');
    const blocked = wanted.hooks.flatMap(hook => refusal(hook, wanted, found) ?? []);
    const extra = extras(wanted, found);
    const notes = [
      ...present.filter(({ dryRun }) => dryRun === 'lint').map(notDryRun),
      ...notesOnOthers(wanted, found),
    ];
    if (blocked.length > 0) {
      return { changes: [], blocked, unmanaged: extra.unmanaged, notes };
    }
    return {
      changes: [
        ...present.flatMap(hook => diffHook(hook, wanted.playbook, found)),
        ...presentDrivers(wanted).flatMap(driver => diffFolder(driver, found)),
        ...extra.changes,
        ...diffReloads(lookingDaemons(wanted, found)),
      ],
      blocked,
      unmanaged: extra.unmanaged,
      notes,
    };
  },

  apply: (changes, wanted, found) => libvirtHookSteps(changes, wanted, found),

  subjects: ({ hooks }) => [...hooks.map(hookPath), ''].map(id => ({ resource: 'libvirt-hook', id })),
};

function notDryRun(hook: Parameters<typeof hookPath>[0]): string {
  return `${hookPath(hook)} is not called before it is in place: \`dry_run: lint\` leaves it at the lint`;
}
