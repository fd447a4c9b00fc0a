import { readFile } from 'node:fs/promises';
import { InputError } from '../core/input-error.ts';
import type { WantedPackage, Written } from '../playbook/play.ts';
import type { PackageWanted } from '../resources/package.ts';
import { type RpmFile, readRpm } from '../resources/rpm-header.ts';
import { parseRange, type VersionRange } from '../resources/version-range.ts';

/**
 * What a package of a playbook demands of a host: its range of versions understood, its rpm file read. With an rpm file,
 * the package has the name that stands in the file.
 *
 * @throws {InputError} for a range that is none, and a file that is no package.
 */
export async function preparePackage(wanted: WantedPackage, lockWaitSeconds: number): Promise<PackageWanted> {
  const { name, state, version, allowDowngrade, enablerepo, disablerepo, rpm } = wanted;
  const file = rpm && (await readRpmFile(rpm));
  return {
    name: file?.name ?? name,
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
