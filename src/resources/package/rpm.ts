import { HostError } from '../../core/failure.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';

export type FileType = 'file' | 'link' | 'folder' | 'other';

/** One file of an installed package, as the package's own manifest in the rpm database has it. */
export interface ManifestFile {
  readonly path: string;
  readonly type: FileType;
  /** Permission bits, set-id bits included: 0o4755. */
  readonly mode: number;
  readonly user: string;
  readonly group: string;
  /** Hex; empty for what has no content of its own. */
  readonly digest: string;
  /** Where a link points, else empty. */
  readonly linkTarget: string;
  /** Marked `%config`: an admin may edit it. */
  readonly config: boolean;
}

export interface InstalledPackage {
  readonly name: string;
  /** `epoch:version-release.arch`: behind the name and a dash, the one spelling that names this very package to dnf. */
  readonly evra: string;
  /** `epoch:version-release` of every version that is installed: of a kernel there may be several. */
  readonly evrs: readonly string[];
  /** The files that must be on the disk: no documentation, no `%ghost`, nothing left out at installation. */
  readonly files: readonly ManifestFile[];
}

const PACKAGE_LINE = 'P\\t%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n';
const FILE_LINE =
  '[F\\t%{=FILEDIGESTALGO}\\t%{FILENAMES}\\t%{FILEMODES:octal}\\t%{FILEUSERNAME}\\t%{FILEGROUPNAME}' +
  '\\t%{FILEFLAGS}\\t%{FILESTATES}\\t%{FILEDIGESTS}\\t%{FILELINKTOS}\\n]';

/** Prints which of the packages are installed, for {@link readPackages}. */
export function packageQuery(packages: readonly string[]): Sh {
  return sh`rpm -q --qf ${PACKAGE_LINE} -- ${packages}`;
}

/**
 * Prints the installed ones of the packages with their manifests, for {@link readPackages}. A line that begins with
 * `F` is a file: its second field is the number of the digest's algorithm, its third the path.
 */
export function manifestQuery(packages: readonly string[]): Sh {
  return sh`rpm -q --qf ${PACKAGE_LINE + FILE_LINE} -- ${packages}`;
}

/**
 * Reads the reply of a query. A package that is not in it is not installed.
 *
 * @throws {HostError} where rpm could not read its database: then "not installed" means nothing.
 */
export function readPackages(reply: Section): Map<string, InstalledPackage> {
  mustBeReadable(reply, 'rpm -q');
  const packages = new Map<string, InstalledPackage>();
  let files: ManifestFile[] = [];
  for (const line of reply.stdout.split('\n')) {
    const [tag, ...fields] = line.split('\t');
    if (tag === 'P') {
      const [name = '', evra = ''] = fields;
      const evr = evra.replace(/\.[^.]*$/, '');
      files = [];
      packages.set(name, { name, evra, evrs: [...(packages.get(name)?.evrs ?? []), evr], files });
    } else if (tag === 'F') {
      files.push(...manifestFile(fields));
    }
  }
  return packages;
}

/**
 * Sees to it that a query of rpm's database was answered at all.
 *
 * @param command the query, as a person would call it.
 * @throws {HostError} where the database cannot be read, or there is no rpm (the probe ends with 127 then).
 */
export function mustBeReadable({ stderr, exitCode }: Section, command: string): void {
  // rpm's own complaint is what counts: for a broken database it says "not installed" as well, and exits the same.
  if (/^error: /m.test(stderr) || exitCode === 127) {
    throw new HostError('failed', {
      kind: 'probe',
      step: 'probe',
      message: 'The rpm database of this host cannot be read',
      command,
      exitCode,
      stderr,
      hint: 'Look at `rpm -qa` on the host; `rpm --rebuilddb` mends a damaged database.',
    });
  }
}

// Bits of rpm's file flags and the only state of a file that is there (rpm: include/rpm/rpmfiles.h).
const CONFIG = 1 << 0;
const NOT_REQUIRED = (1 << 1) | (1 << 3) | (1 << 6) | (1 << 7) | (1 << 8); // doc, missingok, ghost, license, readme
const NORMAL = '0';

function manifestFile(fields: readonly string[]): ManifestFile[] {
  const [
    ,
    path = '',
    mode = '',
    user = '',
    group = '',
    flags = '',
    state = '',
    digest = '',
    linkTarget = '',
  ] = fields;
  if ((Number(flags) & NOT_REQUIRED) !== 0 || (state !== NORMAL && /^\d+$/.test(state))) {
    return [];
  }
  const bits = Number.parseInt(mode, 8);
  const config = (Number(flags) & CONFIG) !== 0;
  return [{ path, type: fileType(bits), mode: bits & 0o7777, user, group, digest, linkTarget, config }];
}

/** The type of a file from the upper bits of its mode (POSIX: sys/stat.h). */
export function fileType(bits: number): FileType {
  switch (bits & 0o170000) {
    case 0o100000:
      return 'file';
    case 0o120000:
      return 'link';
    case 0o040000:
      return 'folder';
    default:
      return 'other';
  }
}

/** A mode as people write it: 0755, 4755. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** A digest as people compare it. */
export function shorten(digest: string): string {
  return digest.slice(0, 12);
}
