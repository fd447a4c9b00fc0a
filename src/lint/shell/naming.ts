import type { HookContext } from '../context.ts';
import { type Finding, finding } from '../finding.ts';
import type { Command } from './commands.ts';

/** A path with a slip in it is found by no tool and no reader, in a comment too. */
export function pathTypos(context: HookContext, text: string): Finding[] {
  return context.kind !== 'libvirt'
    ? []
    : text.split('\n').flatMap((content, i) => {
        const found = [...content.matchAll(/\/([a-z]{7})(?=\/)/g)].find(([, word]) =>
          isSlip(word ?? '', 'libvirt'),
        );
        return found?.[1] === undefined
          ? []
          : [
              finding(
                'path-typo',
                i + 1,
                `the path has ${found[1]} where libvirt is meant, and there is no such folder`,
                'Write libvirt.',
              ),
            ];
      });
}

/** One letter is another, or two neighbours have changed places. */
function isSlip(word: string, meant: string): boolean {
  const differ = [...word].flatMap((letter, i) => (letter === meant[i] ? [] : [i]));
  const [a = 0, b = 0] = differ;
  return (
    differ.length === 1 ||
    (differ.length === 2 && b === a + 1 && word[a] === meant[b] && word[b] === meant[a])
  );
}

/** Names by which a script calls itself: in its first comment, and to the log. */
export function namesDiffer(
  context: HookContext,
  text: string,
  commands: readonly Command[],
  file: string | undefined,
): Finding[] {
  if (context.kind !== 'libvirt') {
    return [];
  }
  const head = text.split('\n', 20);
  const header = head.flatMap((line, i) => {
    const name = line.startsWith('#') ? /\/[a-z]{3,8}\.d\/([\w.-]{1,80})/.exec(line)?.[1] : undefined;
    return name === undefined || file === undefined || name === file ? [] : [{ name, line: i + 1 }];
  });
  const tags = commands.flatMap(({ words, line }) => {
    const at = words[0]?.text === 'logger' ? words.findIndex(word => /^-\w*t$|^--tag$/.test(word.text)) : -1;
    const tag = at === -1 ? undefined : words[at + 1]?.text;
    return tag === undefined ? [] : [{ name: tag, line }];
  });
  const other = tags.find(tag => tag.name !== tags[0]?.name);
  const why = 'whoever looks for it in logs and folders finds the half';
  const hint = 'Use one name: that of the file.';
  return [
    ...header
      .slice(0, 1)
      .map(({ name, line }) =>
        finding(
          'names-differ',
          line,
          `the script calls itself ${name} and its file is ${file}: ${why}`,
          hint,
        ),
      ),
    ...(other === undefined
      ? []
      : [
          finding(
            'names-differ',
            other.line,
            `the script logs as ${tags[0]?.name} and as ${other.name}: ${why}`,
            hint,
          ),
        ]),
  ];
}
