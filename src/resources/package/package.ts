import { lines, sh } from '../../core/sh.ts';
import type { Resource } from '../resource.ts';
import { type Latest, latestProbes, readLatest } from './dnf-latest.ts';
import { type PackageDemand, packageSteps, planMisnamed, planPackage } from './package-plan.ts';
import { type InstalledPackage, packageQuery, readPackages } from './rpm.ts';

export interface PackageWanted extends PackageDemand {
  /** The package's own name, without version or architecture. */
  readonly name: string;
}

export interface PackagesFound {
  readonly packages: ReadonlyMap<string, InstalledPackage>;
  readonly latest: ReadonlyMap<string, Latest>;
}

/** Packages by name and version, from the repositories that the host has or from a file of one's own. */
export const packageResource: Resource<readonly PackageWanted[], PackagesFound> = {
  kind: 'package',

  probe: wanted =>
    lines([
      sh`command -v rpm >/dev/null || exit 127`,
      packageQuery(wanted.map(({ name }) => name)),
      ...latestProbes(wanted),
    ]),

  read: reply => ({ packages: readPackages(reply), latest: readLatest(reply) }),

  diff(wanted, { packages, latest }) {
    const asked = wanted.map(({ name }) => name);
    const plans = wanted.map(one => {
      const place = { resource: 'package', id: one.name, name: one.name };
      return (
        planMisnamed(place, asked, packages) ??
        planPackage(place, one, packages.get(one.name), latest.get(one.name))
      );
    });
    return {
      changes: plans.flatMap(plan => plan.changes),
      blocked: plans.flatMap(plan => plan.blocked),
      notes: plans.flatMap(plan => plan.notes),
    };
  },

  apply: (changes, wanted) =>
    packageSteps(
      changes.flatMap(change => {
        const demand = wanted.find(({ name }) => name === change.id);
        return demand ? [{ name: demand.name, demand, change }] : [];
      }),
    ),

  subjects: wanted => wanted.map(({ name }) => ({ resource: 'package', id: name })),
};
