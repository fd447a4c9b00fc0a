import { InputError } from '../core/input-error.ts';
import { type Finding, finding } from '../lint/finding.ts';
import { lintScript } from '../lint/script.ts';
import { lintFile } from './lint-file.ts';
import { lintFolder } from './lint-folder.ts';
import { type LintWishes, misplaced } from './lint-place.ts';
import { checkSyntax } from './lint-syntax.ts';
import { type LintTarget, lookAt } from './lint-target.ts';

/** A finding and the file or folder it is about. */
export interface Located extends Finding {
  readonly path: string;
}

/** What there is to say of some hooks. */
export interface LintResult {
  /** By path, then line. */
  readonly findings: readonly Located[];
  /** How many scripts were read. */
  readonly scripts: number;
  /** Programs that would have looked at some of them and are not on this machine. */
  readonly missing: readonly string[];
}

/** So many programs read scripts at the same time. */
const AT_ONCE = 4;

/**
 * Looks hooks through: their names, modes, places and text. Nothing of them is run.
 *
 * @param paths scripts, hooks, or folders with hooks in them.
 * @throws {InputError} where there is nothing at a path.
 */
export async function lintPaths(paths: readonly string[], wishes: LintWishes): Promise<LintResult> {
  const found = await Promise.all(paths.map(path => targetsAt(path, wishes)));
  const targets = [...new Map(found.flat().map(target => [target.path, target])).values()];
  const results: { findings: Located[]; noShellcheck: boolean }[] = [];
  for (let i = 0; i < targets.length; i += AT_ONCE) {
    results.push(...(await Promise.all(targets.slice(i, i + AT_ONCE).map(lintTarget))));
  }
  return {
    findings: results.flatMap(one => one.findings),
    scripts: targets.filter(target => target.read).length,
    missing: results.some(one => one.noShellcheck) ? ['shellcheck'] : [],
  };
}

const NO_FILE = finding('unreadable', 1, 'this is no regular file', 'Name a script or a folder.');

async function targetsAt(path: string, wishes: LintWishes): Promise<LintTarget[]> {
  const found = await lookAt(path);
  if (found.type === 'broken') {
    throw new InputError([
      { message: `${path} does not exist`, hint: 'Name a hook script, or a folder of hooks.' },
    ]);
  }
  if (found.type !== 'folder') {
    return found.type === 'other' ? [misplaced(path, found.trouble ?? NO_FILE)] : lintFile(found, wishes);
  }
  const targets = await lintFolder(path, wishes);
  const message = 'there is no hook script in this folder: nothing executable, nothing that begins with #!';
  const hint = 'A hook is a folder with a folder for each event, such as before_vm_start/50_audit.';
  return targets.length > 0 ? targets : [misplaced(path, finding('no-script', 1, message, hint))];
}

async function lintTarget(target: LintTarget): Promise<{ findings: Located[]; noShellcheck: boolean }> {
  const { path, name, placed, content, context, read, findings } = target;
  const syntax = read ? await checkSyntax(content, name, context) : { findings: [], noShellcheck: false };
  const inText = read
    ? lintScript({ content, name, placed }, context, [...findings, ...syntax.findings])
    : findings;
  return { findings: inText.map(one => ({ ...one, path })), noShellcheck: syntax.noShellcheck };
}
