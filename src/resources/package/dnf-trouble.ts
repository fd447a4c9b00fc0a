import type { Section } from '../../core/section.ts';
import type { Explanation } from '../resource.ts';

/**
 * One way in which a package cannot be changed, told apart from the others because it wants another cure.
 *
 * `{name}` in message and hint stands for a group of the patterns, several finds joined by a comma; `{name|text}` is the
 * text where there is no find.
 */
export interface DnfTrouble {
  /** A stable word for tests and documents. */
  readonly id: string;
  /** When it happens, for people. */
  readonly when: string;
  /** dnf's or rpm's own words, or a fact that the step printed (a line that begins with `hookfleet: `). */
  readonly words: RegExp;
  /** A second pattern that must be found too. */
  readonly and?: RegExp;
  readonly message: string;
  readonly hint: string;
}

export interface FoundTrouble {
  readonly trouble: DnfTrouble;
  readonly explanation: Explanation;
  /** The packages that it is about, joined by a comma; empty where it names none. */
  readonly packages: string;
}

/**
 * The first trouble of a table that a failed call of dnf shows; undefined where none does. Only the end of what was
 * said counts, and of each line the beginning, so that no host can make this slow.
 */
export function findTrouble(
  { stdout, stderr }: Section,
  table: readonly DnfTrouble[],
): FoundTrouble | undefined {
  const said = `${lastWords(stdout)}\n${lastWords(stderr)}`;
  for (const trouble of table) {
    const finds = [...said.matchAll(trouble.words)];
    const also = trouble.and?.exec(said);
    if (finds.length > 0 && (!trouble.and || also)) {
      const values = valuesOf([...finds, ...(also ? [also] : [])]);
      const explanation = { message: fill(trouble.message, values), hint: fill(trouble.hint, values) };
      return { trouble, explanation, packages: values.get('package') ?? '' };
    }
  }
  return undefined;
}

const SAID_CHARACTERS = 64 * 1024;
const LINE_CHARACTERS = 2 * 1024;

function lastWords(said: string): string {
  return said
    .slice(-SAID_CHARACTERS)
    .split('\n')
    .map(line => line.slice(0, LINE_CHARACTERS))
    .join('\n');
}

function valuesOf(finds: readonly RegExpMatchArray[]): Map<string, string> {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of finds.flatMap(find => Object.entries(find.groups ?? {}))) {
    if (value !== undefined && value !== '') {
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  return new Map([...values].map(([name, found]) => [name, [...found].join(', ')]));
}

function fill(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\{(\w+)\|?([^}]*)\}/g,
    (_, name: string, other: string) => values.get(name) ?? other,
  );
}
