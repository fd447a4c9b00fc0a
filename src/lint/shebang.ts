/** What the kernel starts for a script: the words of its `#!` line (execve(2), "Interpreter scripts"). */
export interface Shebang {
  /** Its first word, as written. */
  readonly interpreter: string;
  /** The program that runs the script in the end: behind `env`, its first operand; empty where none is named. */
  readonly program: string;
  /** Without `#!`, without blanks and CR at its ends. */
  readonly text: string;
}

/** Reads the `#!` line of a script; undefined where it has none. Bytes that are no UTF-8 are no fault of the line. */
export function readShebang(content: Uint8Array): Shebang | undefined {
  const line = firstLine(content);
  if (!line.startsWith('#!')) {
    return undefined;
  }
  const text = line.slice(2).trim();
  const [interpreter = '', ...words] = text.split(/\s+/);
  return { interpreter, program: isEnv(interpreter) ? behindEnv(words) : interpreter, text };
}

/** Up to the first line feed. */
export function firstLine(content: Uint8Array): string {
  const end = content.indexOf('\n'.charCodeAt(0));
  return Buffer.from(end === -1 ? content : content.subarray(0, end)).toString('utf8');
}

function isEnv(interpreter: string): boolean {
  return /(?:^|\/)env$/.test(interpreter);
}

/** Options of env and its settings of variables stand before the program (env(1)). */
function behindEnv(words: readonly string[]): string {
  return words.find(word => !word.startsWith('-') && !word.includes('=')) ?? '';
}
