import { REDACTED, Secret } from './secret.ts';

/**
 * Shell text that is safe to run. Only the {@link sh} template and {@link lines} make it, and they quote every
 * value, so text from a playbook, an inventory or a host can never become shell syntax.
 */
export type Sh = ShText;

/** What may stand in a `${}` of the {@link sh} template: text is quoted, a list becomes words, `Sh` stays as it is. */
export type ShValue = ShWord | readonly ShWord[];

type ShWord = string | number | Sh | Secret;

/** A piece of shell text; a secret stands by itself, so that many scripts share the text of a large one. */
type Part = string | Secret;

class ShText {
  // A private member makes the type nominal: no object literal with a `text` passes for it.
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  static is(value: unknown): value is ShText {
    return typeof value === 'object' && value !== null && #parts in value;
  }

  static partsOf(shell: ShText): readonly Part[] {
    return shell.#parts;
  }

  /** The shell text itself, ready to be sent; secrets stand in it, so it is for a script's stdin and for nothing else. */
  get text(): string {
    return this.#parts.map(revealed).join('');
  }

  /** The same with its secrets redacted: for errors, logs and reports. */
  get shown(): string {
    return this.#parts.map(part => (typeof part === 'string' ? part : REDACTED)).join('');
  }

  /** Whether a secret stands in it: such a text is for a stdin, never for an argument. */
  get hasSecret(): boolean {
    return this.#parts.some(part => typeof part !== 'string');
  }

  /** The same as `text` in small pieces, made one by one: what is sent is never in memory as a whole. */
  *pieces(): Generator<string, void> {
    for (const part of this.#parts) {
      const text = revealed(part);
      for (let start = 0; start < text.length; ) {
        const end = start + PIECE_LENGTH;
        const cutsPair = /[\ud800-\udbff]/.test(text.charAt(end - 1));
        yield text.slice(start, cutsPair ? end - 1 : end);
        start = cutsPair ? end - 1 : end;
      }
    }
  }
}

/** In characters; at least 2, since two may be one sign. */
const PIECE_LENGTH = 64 * 1024;

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
  const fixed = FIXED_OF.get(strings) ?? strings.raw.map(part => part.replaceAll('\\${', '${'));
  FIXED_OF.set(strings, fixed);
  return joined(fixed.flatMap((part, i) => (i in values ? [part, ...render(values[i] ?? '')] : [part])));
}

/** The fixed parts of a template, which JavaScript keeps as one object for each place in the code. */
const FIXED_OF = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Joins shell texts, one a line. */
export function lines(parts: readonly Sh[]): Sh {
  return joined(
    parts.flatMap((part, i) => (i === 0 ? ShText.partsOf(part) : ['\n', ...ShText.partsOf(part)])),
  );
}

/** A whole shell text as one word, for `eval`. Its secrets stay secrets. */
export function quoted(shell: Sh): Sh {
  return joined(["'", ...ShText.partsOf(shell).map(escaped), "'"]);
}

/** Between two secrets is one text. */
function joined(parts: readonly Part[]): Sh {
  const result: Part[] = [];
  let text: string[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      text.push(part);
    } else {
      result.push(text.join(''), part);
      text = [];
    }
  }
  return new ShText([...result, text.join('')]);
}

function render(value: ShValue): readonly Part[] {
  if (ShText.is(value)) {
    return ShText.partsOf(value);
  }
  if (value instanceof Secret) {
    return ["'", escaped(withoutNul(value)), "'"];
  }
  if (typeof value === 'object') {
    return value.flatMap((word, i) => (i === 0 ? render(word) : [' ', ...render(word)]));
  }
  return [typeof value === 'number' ? integer(value) : quote(value)];
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`Not an integer, so not a shell word: ${value}`);
  }
  return String(value);
}

function quote(value: string): string {
  return /^[A-Za-z0-9_@%+:,./-]+$/.test(value) ? value : `'${escaped(withoutNul(value))}'`;
}

function withoutNul<P extends Part>(part: P): P {
  if (revealed(part).includes('\0')) {
    throw new RangeError('A shell word cannot hold a NUL character');
  }
  return part;
}

/** As it stands between apostrophes. */
function escaped(part: Part): Part {
  if (typeof part === 'string') {
    return part.replaceAll("'", "'\\''");
  }
  const text = part.reveal();
  return text.includes("'") ? new Secret(text.replaceAll("'", "'\\''")) : part;
}

function revealed(part: Part): string {
  return typeof part === 'string' ? part : part.reveal();
}
