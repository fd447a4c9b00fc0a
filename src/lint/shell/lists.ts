import type { HookContext } from '../context.ts';
import { type Finding, finding } from '../finding.ts';
import type { Command } from './commands.ts';
import type { Use } from './words.ts';

/** The status of a process substitution goes nowhere, whatever `set -e` and `pipefail` say. */
export function processSubstitutions(commands: readonly Command[]): Finding[] {
  if (commands.some(({ words }) => words[0]?.text === 'wait')) {
    return [];
  }
  return [...new Set(commands.flatMap(one => one.inProcess ?? []))].map(line =>
    finding(
      'process-substitution',
      line,
      'nobody sees when the command in <( … ) fails: a missing file or program reads as an empty list, and bash needs /dev/fd for it',
      'Read the file itself (`while read -r … done <FILE`), or put the output into a variable and look at the status.',
    ),
  );
}

// Where comments are cut off a line, as by `sed "s/#.*//"` or `${line%%#*}`.
interface Cut {
  readonly line: number;
  /** Blanks before the comment go too. */
  readonly blanks: boolean;
}

/**
 * Lists with comments: what is left of `vm1  # database` is `vm1` and two blanks, which no exact comparison finds; and
 * a name such as `db#1`, which libvirt allows, is cut to another one.
 */
export function commentCuts(
  context: HookContext,
  text: string,
  commands: readonly Command[],
  uses: readonly Use[],
): Finding[] {
  const cuts = [...commands.flatMap(sedCut), ...uses.flatMap(braceCut)];
  const [first] = cuts;
  if (first === undefined || !commands.some(comparesExactly)) {
    return [];
  }
  const trimmed =
    cuts.every(cut => cut.blanks) ||
    /\[\[:(?:space|blank):\]\]|\[ \\t\]|\\s|\btr -d\b|\bxargs\b|\bawk\b/.test(text);
  return [
    ...(trimmed ? [] : [commentBlanks(first.line)]),
    ...(context.kind === 'vdsm' ? [] : [hashInName(first.line)]),
  ];
}

export function commentBlanks(line: number): Finding {
  return finding(
    'comment-blanks',
    line,
    'the comment is cut off, the blanks before it stay, and the line then equals no name; so do a CR and a blank at its end',
    'Trim both ends of the line before it is compared.',
  );
}

export function hashInName(line: number): Finding {
  return finding(
    'hash-in-name',
    line,
    'a # is legal in the name of a guest: of a line db#1 this leaves db, another guest',
    'Take # for a comment at the start of a line or behind a blank only.',
  );
}

function sedCut({ words, line }: Command): Cut[] {
  if (!/^(?:.*\/)?g?sed$/.test(words[0]?.text.slice(0, 80) ?? '')) {
    return [];
  }
  return words.flatMap(({ text }) => {
    const found = /(?:^|;|\s)s([/|,!@])([^/|,!@;]{0,60})#\.\*\$?\1\1/.exec(text.slice(0, 400));
    const before = found?.[2] ?? '';
    const guarded =
      before.startsWith('^') || (/space|blank|\\s| /.test(before) && /\\\+|\\\{1|\+$/.test(before));
    return found === null || guarded ? [] : [{ line, blanks: /space|blank|\\s| \*/.test(before) }];
  });
}

function braceCut({ rest, line }: Use): Cut[] {
  return /^%%?#\*?$/.test(rest) ? [{ line, blanks: false }] : [];
}

/** `grep -x`, or a comparison of two variables. */
function comparesExactly({ words }: Command): boolean {
  const [first, ...others] = words.map(word => word.text);
  return first === 'grep'
    ? others.some(word => /^-[a-zA-Z]*x/.test(word) || word === '--line-regexp')
    : /^(?:\[\[?|test)$/.test(first ?? '') &&
        words.some(
          ({ text }, i) =>
            /^==?$/.test(text) && words[i - 1]?.text.includes('$') && words[i + 1]?.text.includes('$'),
        );
}

/** A guest's name is not its own for ever: a rename frees it, and two hosts can have the same. */
export function nameOnly(context: HookContext, text: string, commands: readonly Command[]): Finding[] {
  if (context.kind !== 'libvirt' || /uuid/i.test(text)) {
    return [];
  }
  const names = new Set(['1']);
  for (const { text: word } of commands.flatMap(one => [...one.assignments, ...one.words])) {
    const found = /^([A-Za-z_]\w{0,60})=\$(?:1|\{1(?:[:?-][^{}]{0,40})?\})$/.exec(word);
    if (found?.[1] !== undefined) {
      names.add(found[1]);
    }
  }
  const looked = commands.find(
    ({ words }) =>
      words[0]?.text === 'grep' &&
      words.slice(1).some(word => names.has(/^\$\{?(\w+)\}?$/.exec(word.text)?.[1] ?? '')),
  );
  return looked === undefined
    ? []
    : [
        finding(
          'name-only',
          looked.line,
          'the guest is looked up by its name alone: after a rename it is not found, and another may come by its name',
          'Look for its UUID too: it stands in the XML on stdin.',
        ),
      ];
}
