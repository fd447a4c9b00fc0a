/** One thing that the doctor has looked at. */
export interface Finding {
  /** `problem`: something does not work until it is mended; `warning`: something may surprise. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** What was found, in one sentence that names no host, so that equal ones of many hosts fold. */
  readonly message: string;
  /** What to type, or to do. */
  readonly hint?: string;
}

export function ok(message: string): Finding {
  return { level: 'ok', message };
}

export function warning(message: string, hint: string): Finding {
  return { level: 'warning', message, hint };
}

export function problem(message: string, hint: string): Finding {
  return { level: 'problem', message, hint };
}
