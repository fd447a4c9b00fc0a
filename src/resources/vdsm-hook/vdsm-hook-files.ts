import { dirname, resolve } from 'node:path/posix';
import type { Change } from '../../core/change.ts';
import { type ManifestFile, octal, shorten } from '../package/rpm.ts';
import type { Blocked } from '../resource.ts';
import { type DiskFile, HOOKS_ROOT, type HooksFound } from './vdsm-hook-found.ts';

/** What is to do about the files of an installed hook. */
export interface FileDiff {
  readonly changes: readonly Change[];
  readonly blocked: readonly Blocked[];
  readonly notes: readonly string[];
}

/**
 * Holds the files of an installed hook against its package's manifest. What keeps a link's script from running is not
 * told where the script itself is about to be mended.
 */
export function diffFiles(hook: string, files: readonly ManifestFile[], found: HooksFound): FileDiff {
  const diffs = files.map(file => ({ file, ...diffFile(hook, file, found) }));
  const drifted = new Set(diffs.flatMap(({ file, changes }) => (changes.length > 0 ? [file.path] : [])));
  const pointsToDrift = ({ path, linkTarget }: ManifestFile) =>
    linkTarget !== '' && drifted.has(resolve(dirname(path), linkTarget));
  return {
    changes: diffs.flatMap(({ changes }) => changes),
    blocked: diffs.flatMap(({ file, blocked }) => (pointsToDrift(file) ? [] : blocked)),
    notes: diffs.flatMap(({ notes }) => notes),
  };
}

/**
 * Holds one file against its package's manifest. A file whose content, type or link is wrong is reinstalled; else its
 * owner, mode and label are mended. Only a file that is right in all of that is looked at as a script: what still
 * keeps VDSM from running it, no package manager can mend.
 */
function diffFile(hook: string, file: ManifestFile, found: HooksFound): FileDiff {
  const disk = found.disk.get(file.path);
  const change = (action: string, before: string, after: string): Change => ({
    resource: 'vdsm-hook',
    id: `${hook} ${file.path}`,
    action,
    before,
    after,
  });
  const reinstall = (before: string, after: string): FileDiff => ({
    changes: [change('reinstall', before, after)],
    blocked: [],
    notes: [],
  });
  if (!disk) {
    return reinstall('missing', file.type);
  }
  const broken = contentDiff(file, disk, found.digests.get(file.path));
  const edited = file.config && broken !== undefined && disk.type === file.type;
  if (broken && !edited) {
    return reinstall(broken.before, broken.after);
  }
  const notes = edited ? [`${file.path} of ${hook} is a configuration file and was edited`] : [];
  const changes: Change[] = [];
  if (disk.user !== file.user || disk.group !== file.group) {
    changes.push(change('owner', `${disk.user}:${disk.group}`, `${file.user}:${file.group}`));
  }
  if (file.type !== 'link' && disk.mode !== file.mode) {
    changes.push(change('mode', octal(disk.mode), octal(file.mode)));
  }
  const label = found.labels.get(file.path);
  if (label) {
    changes.push(change('label', label.found, label.wanted));
  }
  const trouble = changes.length === 0 ? scriptTrouble(file, found) : undefined;
  const blocked = trouble && {
    change: change(trouble.action, trouble.before, trouble.after),
    message: `${file.path}: ${trouble.message}`,
    hint: trouble.hint,
  };
  return { changes, blocked: blocked ? [blocked] : [], notes };
}

function contentDiff(
  file: ManifestFile,
  disk: DiskFile,
  digest: string | undefined,
): { readonly before: string; readonly after: string } | undefined {
  if (disk.type !== file.type) {
    return { before: disk.type, after: file.type };
  }
  if (file.type === 'link' && disk.linkTarget !== file.linkTarget) {
    return { before: `link to ${disk.linkTarget}`, after: `link to ${file.linkTarget}` };
  }
  if (file.type === 'file' && file.digest !== '' && digest !== file.digest) {
    return { before: `content ${shorten(digest ?? 'unknown')}`, after: `content ${shorten(file.digest)}` };
  }
  return undefined;
}

export interface ScriptTrouble {
  readonly action: string;
  readonly before: string;
  readonly after: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * Why VDSM would not run a script that is as its package made it, or why every VM start would fail with it (VDSM
 * skips what it may not execute without a word, and a missing interpreter ends with status 127).
 */
function scriptTrouble(file: ManifestFile, found: HooksFound): ScriptTrouble | undefined {
  const script = found.scripts.get(file.path);
  const meantToRun = file.type === 'link' || (file.mode & 0o111) !== 0;
  if (!script || !meantToRun) {
    return undefined;
  }
  const firstLine = script.firstLine;
  if (firstLine.startsWith('#!') && firstLine.includes('\r')) {
    return {
      action: 'line-end',
      before: 'CR',
      after: 'LF',
      message:
        'its first line ends in CR LF, so its interpreter is not found and the operation that runs it fails',
      hint: 'The package itself is at fault: take another version of it, or remove the hook.',
    };
  }
  if (!script.interpreterFound) {
    const interpreter = firstLine.slice(2).trim();
    return {
      action: 'interpreter',
      before: 'missing',
      after: interpreter,
      message: `its interpreter ${interpreter} is not on this host, so the operation that runs it fails`,
      hint: `Install ${interpreter.split(/\s+/).at(-1)} there, or remove the hook (state: absent).`,
    };
  }
  if (found.executable && !found.executable.has(file.path)) {
    return notExecutable(file.path, found);
  }
  return undefined;
}

/** Why user `vdsm` may not execute a script whose own mode allows it. */
export function notExecutable(path: string, found: Pick<HooksFound, 'mounts'>): ScriptTrouble {
  const mountPoint = [...found.mounts.keys()]
    .filter(point => point === '/' || `${path}/`.startsWith(`${point}/`))
    .sort((a, b) => b.length - a.length)[0];
  if (mountPoint !== undefined && found.mounts.get(mountPoint)?.includes('noexec')) {
    return {
      action: 'noexec',
      before: `noexec on ${mountPoint}`,
      after: 'exec',
      message: `it lies on ${mountPoint}, which is mounted noexec, so VDSM skips it without a word`,
      hint: `Mount ${mountPoint} without noexec (\`mount -o remount,exec ${mountPoint}\`, and /etc/fstab).`,
    };
  }
  return {
    action: 'executable',
    before: 'not executable',
    after: 'executable',
    message: 'user vdsm may not execute it, so VDSM skips it without a word',
    hint: `Look at the modes of the folders above it and at ACLs: \`namei -l ${HOOKS_ROOT}\`, \`getfacl ${path}\`.`,
  };
}
