import type { Change } from '../core/change.ts';
import { dnfStep } from './dnf.ts';
import type { Resource } from './resource.ts';
import { type InstalledPackage, packageQuery, readPackages } from './rpm.ts';

export interface PackageWanted {
  /** The package's own name, without version or architecture. */
  readonly name: string;
  readonly state: 'present' | 'absent';
}

/** Packages by name, from the repositories that the host has. */
export const packageResource: Resource<readonly PackageWanted[], ReadonlyMap<string, InstalledPackage>> = {
  kind: 'package',

  probe: wanted => packageQuery(wanted.map(({ name }) => name)),

  read: reply => readPackages(reply),

  diff(wanted, found) {
    const changes = wanted
      .filter(({ name, state }) => found.has(name) !== (state === 'present'))
      .map(({ name, state }) => packageChange('package', name, name, state, found.get(name)));
    return { changes, blocked: [], notes: [] };
  },

  apply(changes) {
    return (['remove', 'install'] as const).flatMap(verb => {
      const made = changes.filter(change => change.action === verb);
      const names = made.map(change => change.id);
      return made.length === 0 ? [] : [dnfStep(verb, names, made)];
    });
  },
};

/** The change that brings a package in or takes it away. */
export function packageChange(
  resource: string,
  id: string,
  name: string,
  state: 'present' | 'absent',
  installed: InstalledPackage | undefined,
): Change {
  return {
    resource,
    id,
    action: state === 'present' ? 'install' : 'remove',
    before: installed ? `${installed.name}-${installed.evra}` : null,
    after: state === 'present' ? name : null,
  };
}
