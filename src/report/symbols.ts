/** The signs of the live view; each takes one column. */
export interface Symbols {
  readonly done: string;
  readonly failed: string;
  readonly skipped: string;
  readonly waiting: string;
  readonly ellipsis: string;
  /** Drawn one after the other while something runs. */
  readonly spinner: readonly string[];
}

const UNICODE: Symbols = {
  done: '✔',
  failed: '✖',
  skipped: '-',
  waiting: ' ',
  ellipsis: '…',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

const ASCII: Symbols = {
  done: '+',
  failed: 'x',
  skipped: '-',
  waiting: ' ',
  ellipsis: '~',
  spinner: ['|', '/', '-', '\\'],
};

/** ASCII alone on the console of Linux, whose font has no more, and in a locale that says that it is not UTF-8. */
export function symbolsFor(env: NodeJS.ProcessEnv): Symbols {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'UTF-8';
  return env.TERM !== 'linux' && /utf-?8/i.test(locale) ? UNICODE : ASCII;
}
