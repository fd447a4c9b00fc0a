import { type Finding, finding } from './finding.ts';
import { isRule } from './rules.ts';

interface Allowed {
  readonly ids: readonly string[];
  readonly line: number;
  /** What it silences: its own line, the next one with code, or, above all code, the whole file. */
  readonly covers: number | 'file';
}

const COMMENT = /#[ \t]{0,20}hookfleet:[ \t]{0,20}allow\b([^:\n]{0,300})(?::(.{0,300}))?/;

/**
 * Leaves out what a comment in the script allows: `# hookfleet: allow tmp-path: the folder is root's alone`, behind the
 * line, alone on the line above, or above all code for the whole file. A comment that cannot be meant so is a finding
 * of its own.
 */
export function withoutAllowed(text: string, findings: readonly Finding[]): Finding[] {
  if (!text.includes('hookfleet:')) {
    return [...findings];
  }
  const { allowed, faults } = readComments(text.split('\n'));
  const silenced = ({ id, line }: Finding) =>
    allowed.some(one => one.ids.includes(id) && (one.covers === 'file' || one.covers === line));
  return [...findings.filter(one => !silenced(one)), ...faults];
}

function readComments(lines: readonly string[]): { allowed: Allowed[]; faults: Finding[] } {
  const allowed: Allowed[] = [];
  const faults: Finding[] = [];
  const isCode = (line: string) => !/^\s*(?:#|$)/.test(line);
  const first = lines.findIndex(isCode);
  for (const [i, content] of lines.entries()) {
    const found = COMMENT.exec(content);
    if (found === null) {
      continue;
    }
    const line = i + 1;
    const ids = (found[1] ?? '').split(/[\s,]+/).filter(word => word !== '');
    const unknown = ids.filter(id => !isRule(id) && !/^shellcheck-SC\d{4}$/.test(id));
    if (ids.length === 0 || unknown.length > 0 || (found[2] ?? '').trim() === '') {
      faults.push(
        finding(
          'allow',
          line,
          unknown.length > 0
            ? `this comment allows ${unknown.join(' and ')}, which is no id of a finding, so it silences nothing`
            : `this comment ${ids.length === 0 ? 'names no id of a finding' : 'gives no reason'}, so it silences nothing`,
          'Write # hookfleet: allow ID: REASON',
        ),
      );
    } else {
      const alone = !isCode(content);
      const covers =
        alone && (first === -1 || i < first) ? 'file' : alone ? nextCode(lines, i, isCode) + 1 : line;
      allowed.push({ ids, line, covers });
    }
  }
  return { allowed, faults };
}

function nextCode(lines: readonly string[], from: number, isCode: (line: string) => boolean): number {
  for (let i = from + 1; i < lines.length; i++) {
    if (isCode(lines[i] ?? '')) {
      return i;
    }
  }
  return from;
}
