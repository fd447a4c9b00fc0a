import { readFile } from 'node:fs/promises';
import { BUILT_IN, type Catalog } from '../../catalog/hooks.ts';
import { InputError, type Problem } from '../../core/input-error.ts';
import { acceptHint } from '../../playbook/hook-name-rules.ts';
import type { WantedHook, WantedPackage, Written } from '../../playbook/play.ts';
import type { PackageWanted } from '../../resources/package/package.ts';
import type { PackageDemand } from '../../resources/package/package-plan.ts';
import { type RpmFile, readRpm } from '../../resources/package/rpm-header.ts';
import { parseRange, type VersionRange } from '../../resources/package/version-range.ts';
import type { HookWanted } from '../../resources/vdsm-hook/vdsm-hook.ts';

/**
 * What a package of a playbook demands of a host: its range of versions understood, its rpm file read.
 *
 * @throws {InputError} for a range that is none, a file that is no package, and one of a package with another name.
 */
export async function preparePackage(wanted: WantedPackage, lockWaitSeconds: number): Promise<PackageWanted> {
  const demand = await prepareDemand(wanted, lockWaitSeconds);
  const { name, rpm } = wanted;
  if (rpm && demand.rpm && demand.rpm.name !== name) {
    throw new InputError([
      {
        place: rpm.place,
        message: `${rpm.text} is the package ${demand.rpm.name}, not ${name}`,
        hint: `Write \`name: ${demand.rpm.name}\`, or give the file of ${name}.`,
      },
    ]);
  }
  return { ...demand, name };
}

/**
 * The same of a hook that comes as a package. A playbook may call it what it likes: with an rpm file, the package has
 * the name that stands in the file.
 *
 * @throws {InputError} for a range that is none, a file that is no package, and one of a hook that keeps VMs from
 * starting wherever it is.
 */
export async function preparePackagedHook(
  wanted: WantedHook,
  lockWaitSeconds: number,
  catalog: Catalog = BUILT_IN,
): Promise<HookWanted> {
  const demand = await prepareDemand(wanted, lockWaitSeconds);
  const name = demand.rpm?.name ?? wanted.package;
  const known = wanted.known ?? catalog.find(name);
  const refused = wanted.acceptRisk || wanted.state === 'absent' ? undefined : known?.refusedWhere;
  if (known !== undefined && refused === 'everywhere') {
    throw new InputError([
      {
        place: wanted.place,
        message: `${wanted.name} is the package of ${known.name}: ${known.danger ?? known.summary}`,
        hint: acceptHint(wanted.name),
      },
    ]);
  }
  return {
    ...demand,
    name: wanted.name,
    package: name,
    ...(refused === undefined || refused === 'everywhere' ? {} : { risk: refused }),
  };
}

/**
 * What stands twice in a play once the names in its rpm files are known.
 *
 * @param names of the packages, in the same order.
 */
export function samePackages(all: readonly WantedPackage[], names: readonly string[]): Problem[] {
  const first = new Map<string, WantedPackage>();
  return all.flatMap((wanted, i) => {
    const name = names[i] ?? wanted.name;
    const earlier = first.get(name);
    first.set(name, earlier ?? wanted);
    return earlier === undefined
      ? []
      : [
          {
            place: wanted.rpm?.place ?? wanted.place,
            message: `"${wanted.name}" is the package ${name}, which line ${earlier.place.line} names too`,
            hint: 'Take one of them out.',
          },
        ];
  });
}

async function prepareDemand(
  { state, version, allowDowngrade, enablerepo, disablerepo, rpm }: WantedPackage,
  lockWaitSeconds: number,
): Promise<PackageDemand> {
  const file = rpm && (await readRpmFile(rpm));
  return {
    state,
    allowDowngrade,
    dnf: { enablerepo, disablerepo, lockWaitSeconds },
    ...(version === undefined ? {} : { version: readVersion(version) }),
    ...(file === undefined ? {} : { rpm: file }),
  };
}

function readVersion({ text, place }: Written): VersionRange {
  const range = parseRange(text);
  if ('fault' in range) {
    throw new InputError([{ place, message: range.fault, hint: range.hint }]);
  }
  return range;
}

async function readRpmFile({ text: path, place }: Written): Promise<RpmFile> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new InputError([
      { place, message: `${path} ${reason}`, hint: 'Paths are relative to the playbook.' },
    ]);
  });
  const read = readRpm(path, bytes);
  if ('fault' in read) {
    throw new InputError([{ place, message: read.fault, hint: read.hint }]);
  }
  return read;
}
