/** One line of an ssh_config file that says something. */
export interface ConfigLine {
  /** In lower case. */
  readonly keyword: string;
  readonly args: readonly string[];
  /** From 1. */
  readonly line: number;
}

/**
 * The lines of an ssh_config file (ssh_config(5)): a keyword, then blanks or one `=`, then arguments, which quotes keep
 * together. What is no such line is left out: whether the file is right as a whole is for ssh to say.
 */
export function configLines(text: string): ConfigLine[] {
  return text.split('\n').flatMap((content, index) => {
    const match = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*)$/.exec(content.replace(/\r$/, ''));
    const keyword = match?.[1]?.toLowerCase();
    const rest = match?.[2]?.trim();
    if (keyword === undefined || rest === undefined || rest === '') {
      return [];
    }
    const args = keyword === 'proxycommand' ? [rest] : splitArguments(rest);
    return args.length === 0 ? [] : [{ keyword, args, line: index + 1 }];
  });
}

/** An unquoted `#` at the start of an argument begins a comment. */
function splitArguments(text: string): string[] {
  const args: string[] = [];
  const pattern = /\s*(?:#.*|((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\]|["'\\])+))/gy;
  for (const [, argument] of text.matchAll(pattern)) {
    if (argument === undefined) {
      break;
    }
    args.push(unquoted(argument));
  }
  return args;
}

/** A backslash keeps its meaning before anything but a quote, a blank or another backslash. */
function unquoted(argument: string): string {
  return argument.replace(
    /"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|\\(["'\\ ])/g,
    (_, double: string | undefined, single: string | undefined, escaped: string | undefined) =>
      (double ?? single)?.replace(/\\(["'\\])/g, '$1') ?? escaped ?? '',
  );
}
