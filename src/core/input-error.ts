/** Where in a file of the user's something stands; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** One thing that is wrong with what the user wrote. */
export interface Problem {
  readonly place?: Place;
  readonly message: string;
  /** How it should read, or what to do. */
  readonly hint?: string;
}

/** Bad input: found before any host is contacted; exit code 2. Holds every problem that was found, not the first alone. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** Writes a problem as compilers do: `file:line:column: message`, its hint on the next line. */
export function formatProblem({ place, message, hint }: Problem): string {
  const where = place
    ? [place.file, place.line, place.column].filter(part => part !== undefined).join(':')
    : undefined;
  return `${where === undefined ? '' : `${where}: `}${message}${hint === undefined ? '' : `\n  ${hint}`}`;
}
