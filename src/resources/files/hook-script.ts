import type { Change } from '../../core/change.ts';
import type { HookFile } from '../../core/hook-file.ts';
import { octal, shorten } from '../package/rpm.ts';
import type { Blocked } from '../resource.ts';
import { notExecutable } from '../vdsm-hook/vdsm-hook-files.ts';
import { type DiskFile, HOOKS_ROOT } from '../vdsm-hook/vdsm-hook-found.ts';
import type { HookFoldersFound } from './hook-folder-found.ts';

/** A hook of the site's own, which no package brings. */
export interface SiteHook {
  readonly name: string;
  readonly state: 'present' | 'absent';
  /** Empty where it shall be absent: what was placed of it stands in the host's own list. */
  readonly files: readonly HookFile[];
}

export interface HookDiff {
  readonly changes: readonly Change[];
  readonly blocked: readonly Blocked[];
  /** Whether the hook is left as it is, whatever that is. */
  readonly refused: boolean;
}

/** Who owns the files of the site's own hooks. */
export const OWNER = 'root:root';

/** What the hosts' lists call the playbook that `install` and `remove` make. */
export const MADE_PLAYBOOK = 'install';

export function scriptPath({ event, name }: Pick<HookFile, 'event' | 'name'>): string {
  return `${HOOKS_ROOT}/${event}/${name}`;
}

/**
 * Holds a present hook against the host. A hook of which one file cannot be placed is not touched at all: half a hook
 * is worse than none.
 */
export function diffHook(hook: SiteHook, playbook: string, found: HookFoldersFound): HookDiff {
  const refused = hook.files.flatMap(file => refusal(hook, file, playbook, found) ?? []);
  if (refused.length > 0) {
    return { changes: [], blocked: refused, refused: true };
  }
  const diffs = hook.files.map(file => ({ file, changes: diffScript(hook, file, playbook, found) }));
  return {
    changes: diffs.flatMap(({ changes }) => changes),
    blocked: diffs.flatMap(({ file, changes }) =>
      changes.length === 0 ? (notRunnable(hook, file, found) ?? []) : [],
    ),
    refused: false,
  };
}

function change(
  hook: SiteHook,
  file: HookFile,
  action: string,
  before: string | null,
  after: string,
): Change {
  return { resource: 'vdsm-hook', id: `${hook.name} ${scriptPath(file)}`, action, before, after };
}

function refusal(
  hook: SiteHook,
  file: HookFile,
  playbook: string,
  found: HookFoldersFound,
): Blocked | undefined {
  const path = scriptPath(file);
  const owner = found.owners.get(path);
  const placed = found.placed.get(path);
  const missing = file.programs.find(program => !found.programs.has(program));
  if (owner !== undefined) {
    return {
      change: change(hook, file, 'place', `file of ${owner}`, `content ${shorten(file.sha256)}`),
      message: `${path} belongs to the installed package ${owner}`,
      hint: `Give the script another name, or remove ${owner} first.`,
    };
  }
  if (placed && placed.playbook !== playbook) {
    const other = `hook ${placed.hook} of the playbook ${placed.playbook}`;
    const wayOut =
      placed.playbook === MADE_PLAYBOOK
        ? `\`hookfleet remove ${placed.hook}\``
        : `\`state: absent\` in ${placed.playbook}`;
    return {
      change: change(hook, file, 'place', `file of the ${other}`, `content ${shorten(file.sha256)}`),
      message: `${path} was placed by the ${other}: two playbooks cannot keep one file`,
      hint: `Name it in one of them alone; ${wayOut} gives it up.`,
    };
  }
  if (missing !== undefined) {
    return {
      change: change(hook, file, 'interpreter', 'missing', missing),
      message: `${path}: its interpreter ${missing} is not on this host, so the operation that runs it would fail; nothing of ${hook.name} was copied`,
      hint: `Install ${missing} there, or change the first line of the script.`,
    };
  }
  return undefined;
}

function diffScript(hook: SiteHook, file: HookFile, playbook: string, found: HookFoldersFound): Change[] {
  const path = scriptPath(file);
  const disk = found.disk.get(path);
  const content = `content ${shorten(file.sha256)}`;
  if (disk?.type !== 'file') {
    return [change(hook, file, 'place', disk ? typeText(disk) : null, content)];
  }
  const digest = found.digests.get(path);
  if (digest !== file.sha256) {
    return [change(hook, file, 'content', `content ${shorten(digest ?? 'unknown')}`, content)];
  }
  const changes: Change[] = [];
  const owner = `${disk.user}:${disk.group}`;
  if (owner !== OWNER) {
    changes.push(change(hook, file, 'owner', owner, OWNER));
  }
  if (disk.mode !== file.mode) {
    changes.push(change(hook, file, 'mode', octal(disk.mode), octal(file.mode)));
  }
  const label = found.labels.get(path);
  if (label) {
    changes.push(change(hook, file, 'label', label.found, label.wanted));
  }
  const placed = found.placed.get(path);
  if (placed?.hook !== hook.name || placed.sha256 !== file.sha256) {
    const before = placed ? `listed as ${placed.hook} ${shorten(placed.sha256)}` : 'not listed as placed';
    changes.push(change(hook, file, 'list', before, `listed as placed by ${playbook}`));
  }
  return changes;
}

function typeText({ type, linkTarget }: DiskFile): string {
  return type === 'link' ? `link to ${linkTarget}` : type;
}

function notRunnable(hook: SiteHook, file: HookFile, found: HookFoldersFound): Blocked | undefined {
  const path = scriptPath(file);
  if (file.mode !== 0o755 || !found.executable || found.executable.has(path)) {
    return undefined;
  }
  const { action, before, after, message, hint } = notExecutable(path, found);
  return { change: change(hook, file, action, before, after), message: `${path}: ${message}`, hint };
}
