import { REDACTED, Secret } from './secret.ts';

/**
 * Shell text that is safe to run. Only the {@link sh} template and {@link lines} make it, and they quote every
 * value, so text from a playbook, an inventory or a host can never become shell syntax.
 */
export type Sh = ShText;

/** What may stand in a `${}` of the {@link sh} template: text is quoted, a list becomes words, `Sh` stays as it is. */
export type ShValue = ShWord | readonly ShWord[];

type ShWord = string | number | Sh | Secret;

class ShText {
  /** The shell text itself, ready to be sent; secrets stand in it, so it is for a script's stdin and for nothing else. */
  readonly text: string;
  /** The same with its secrets redacted: for errors, logs and reports. */
  readonly shown: string;
  // A private member makes the type nominal: no object literal with a `text` passes for it.
  readonly #quoted = true;

  constructor(text: string, shown: string) {
    this.text = text;
    this.shown = shown;
  }

  static is(value: unknown): value is ShText {
    return typeof value === 'object' && value !== null && #quoted in value;
  }
}

/**
 * Writes POSIX shell text: `` sh`chown -h ${owner} -- ${paths}` ``. Every string becomes exactly one word, a list
 * becomes as many words as it has items, and another `Sh` is put in unchanged. A backslash in the template is the
 * shell's, not JavaScript's; only `\${` stands for the shell's own `${`.
 *
 * A secret becomes a word too. Let only the shell's own commands (`printf` into a file or a pipe) have it: the
 * arguments of a program are open to everybody on the host.
 *
 * @throws {RangeError} for a NUL character or a number that is not an integer: neither can stand in a shell word.
 */
export function sh(strings: TemplateStringsArray, ...values: readonly ShValue[]): Sh {
  const parts = strings.raw.map(part => part.replaceAll('\\${', '${'));
  const join = (show: boolean) =>
    parts.map((part, i) => part + (i in values ? render(values[i] ?? '', show) : '')).join('');
  return new ShText(join(false), join(true));
}

/** Joins shell texts, one a line. */
export function lines(parts: readonly Sh[]): Sh {
  return new ShText(parts.map(part => part.text).join('\n'), parts.map(part => part.shown).join('\n'));
}

function render(value: ShValue, show: boolean): string {
  if (ShText.is(value)) {
    return show ? value.shown : value.text;
  }
  if (value instanceof Secret) {
    return quote(show ? REDACTED : value.reveal());
  }
  if (typeof value === 'object') {
    return value.map(word => render(word, show)).join(' ');
  }
  return typeof value === 'number' ? integer(value) : quote(value);
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`Not an integer, so not a shell word: ${value}`);
  }
  return String(value);
}

function quote(value: string): string {
  if (value.includes('\0')) {
    throw new RangeError('A shell word cannot hold a NUL character');
  }
  return /^[A-Za-z0-9_@%+:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
