/** A `%package hook-…` or `%files hook-…` of a spec file. */
export interface SpecSection {
  /** Without `hook-`. */
  readonly name: string;
  readonly at: number;
  /** Behind the last line of it that is its own. */
  readonly end: number;
  /** The line of the innermost `%if` around it, or -1. */
  readonly inside: number;
}

const HEADING =
  /^%(?:package|files|description|prep|build|install|check|clean|pre|post|preun|postun|pretrans|posttrans|trigger\w*|changelog)\b/;

/**
 * The sections of a kind for hooks, with where another one can follow each: after its last line, with all its own `%if`
 * blocks closed, and before the end of the `%if` that it stands in.
 */
export function hookSections(lines: readonly string[], kind: 'package' | 'files'): readonly SpecSection[] {
  const heading = new RegExp(`^%${kind}\\s+hook-(\\S+)`);
  const open: number[] = [];
  return lines.flatMap((line, at) => {
    track(line, at, open);
    const name = heading.exec(line)?.[1];
    return name === undefined ? [] : [{ name, at, end: endOf(lines, at, kind), inside: open.at(-1) ?? -1 }];
  });
}

function track(line: string, at: number, open: number[]): void {
  if (/^%if/.test(line)) {
    open.push(at);
  } else if (/^%endif\b/.test(line)) {
    open.pop();
  }
}

function endOf(lines: readonly string[], at: number, kind: 'package' | 'files'): number {
  const inner: number[] = [];
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    if ((kind === 'files' ? HEADING : /^%(?:package|prep|files)\b/).test(line)) {
      break;
    }
    if (inner.length === 0 && /^%(?:else|elif|endif)\b/.test(line)) {
      break;
    }
    track(line, end, inner);
    end += 1;
  }
  while (end > at + 1 && (/^\s*$/.test(lines[end - 1] ?? '') || inner.includes(end - 1))) {
    end -= 1;
  }
  return end;
}
