import { marks } from './deploy-tasks.ts';

/** A playbook's part of a tasks file, and how more could stand in that file. */
export interface PartOfFile {
  /** As it stands there, with its marks; null where it does not, undefined where one of its marks is missing. */
  readonly text: string | null | undefined;
  /** The blanks before the items of the list. */
  readonly indent: string;
  /** Why nothing can be added to the tasks of others. */
  readonly fault: string | undefined;
}

/** Finds the part of a playbook in the text of a tasks file. */
export function partOf(text: string, playbook: string): PartOfFile {
  const cut = cutOut(text, playbook);
  if (cut === undefined) {
    return {
      text: undefined,
      indent: '',
      fault: `the line that begins or ends the part of ${playbook} is missing`,
    };
  }
  return { text: cut.part, ...listOf(cut.before + cut.after) };
}

/** The text of the file with another part in the place of the playbook's, at the end where there was none; null for none. */
export function withPart(text: string, playbook: string, part: string | null): string {
  const { before, after } = cutOut(text, playbook) ?? { before: text, after: '' };
  const open = before !== '' && !before.endsWith('\n');
  return `${before}${open ? '\n' : ''}${part ?? ''}${after}`;
}

function cutOut(
  text: string,
  playbook: string,
): { readonly before: string; readonly part: string | null; readonly after: string } | undefined {
  const { begin, end } = marks(playbook);
  const lines = text.split(/(?<=\n)/);
  const [starts, ends] = [begin, end].map(mark =>
    lines.flatMap((line, i) => (line.trim() === mark ? [i] : [])),
  );
  const [start] = starts ?? [];
  const [stop] = ends ?? [];
  if (start === undefined && stop === undefined) {
    return { before: text, part: null, after: '' };
  }
  if (
    start === undefined ||
    stop === undefined ||
    stop < start ||
    starts?.length !== 1 ||
    ends?.length !== 1
  ) {
    return undefined;
  }
  return {
    before: lines.slice(0, start).join(''),
    part: lines.slice(start, stop + 1).join(''),
    after: lines.slice(stop + 1).join(''),
  };
}

/** Whether a text is one YAML list in block style, as tasks files are written, and in which column its items stand. */
function listOf(text: string): Pick<PartOfFile, 'indent' | 'fault'> {
  const lines = text.split('\n').filter(line => line.trim() !== '' && !line.trim().startsWith('#'));
  if (text.includes('\r')) {
    return { indent: '', fault: 'its lines end as on Windows' };
  }
  const items = /^---\s*(?:#.*)?$/.test(lines[0] ?? '') ? lines.slice(1) : lines;
  const [, indent] = /^( *)-(?: |$)/.exec(items[0] ?? '- ') ?? [];
  const fault =
    indent === undefined
      ? items[0]
      : items.find(
          line => !line.startsWith(`${indent}- `) && line !== `${indent}-` && !line.startsWith(`${indent} `),
        );
  return {
    indent: indent ?? '',
    fault: fault === undefined ? undefined : `it has the line "${fault.slice(0, 60)}"`,
  };
}
