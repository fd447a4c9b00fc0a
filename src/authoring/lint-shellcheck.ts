import type { HookContext } from '../lint/context.ts';
import type { Finding, Severity } from '../lint/finding.ts';
import { runProgram } from './lint-programs.ts';

/** What the linter says itself (no #! line, CR, BOM), and of which shellcheck cannot know: properties in the environment. */
const LEFT_OUT = new Set([1017, 1071, 1082, 2148, 2154]);

const SEVERITY: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning' };

/**
 * Asks shellcheck, which reads the user's own .shellcheckrc.
 *
 * @returns undefined where it is not installed.
 */
export async function shellcheck(
  content: Uint8Array,
  shell: string,
  context: HookContext,
): Promise<Finding[] | undefined> {
  const dialect = ['bash', 'dash', 'ksh'].includes(shell) ? shell : 'sh';
  const said = await runProgram('shellcheck', ['--format=json1', `--shell=${dialect}`, '-'], content);
  if (said === undefined) {
    return undefined;
  }
  if (shell === 'zsh' || said.stdout === '') {
    return [];
  }
  return readFindings(said.stdout).filter(
    ({ id }) =>
      !LEFT_OUT.has(Number(id.slice('shellcheck-SC'.length))) ||
      (id.endsWith('2154') && context.kind === 'libvirt'),
  );
}

/** Reads its document: `{"comments": [{line, level, code, message}]}`; a text in no such form has no findings. */
function readFindings(document: string): Finding[] {
  const read: unknown = parse(document);
  const comments = isRecord(read) && Array.isArray(read.comments) ? read.comments : [];
  return comments.filter(isRecord).map(({ line, level, code, message }) => ({
    id: `shellcheck-SC${code}`,
    severity: SEVERITY[String(level)] ?? 'note',
    line: Math.max(1, Number(line) || 1),
    message: String(message),
    hint: `https://www.shellcheck.net/wiki/SC${code} tells more.`,
  }));
}

function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
