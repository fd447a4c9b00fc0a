// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the shell's own braces
import test from 'ava';
import fc from 'fast-check';
import { commandsOf } from '../../../src/lint/shell/commands.ts';
import { parseShell } from '../../../src/lint/shell/parse.ts';

/** Each command as `line words`, with `!` where its output leaves the script, `&` in the background. */
function commands(text: string): string[] {
  const script = parseShell(text);
  return commandsOf(script?.items ?? []).map(({ line, assignments, words, stdout, stderr, background }) =>
    [
      line,
      ...(stdout === 'out' ? ['!'] : []),
      ...(stderr === 'out' ? ['2!'] : []),
      ...(background ? ['&'] : []),
      [...assignments, ...words].map(word => word.text).join(' '),
    ].join(' '),
  );
}

for (const [title, text, expected] of [
  ['words and quotes', `echo 'a b' "c $x" d\\ e`, ['1 ! echo a b c $x d e']],
  [
    'comments, and # in a word',
    'a#b c # no\n# no\nd',
    ['1 ! a#b c', '2 ! d'].map((s, i) => (i ? '3 ! d' : s)),
  ],
  ['a line that goes on', 'a \\\n b\nc', ['1 ! a b', '3 ! c']],
  ['assignments before a command', 'x=1 y=$2 env', ['1 ! x=1 y=$2 env']],
  ['an array', 'x=(a b)\necho', ['1 ! x=(a b)', '2 ! echo']],
  ['a pipe', 'a | b', ['1 a', '1 ! b']],
  ['redirections from left to right', 'a 2>&1 >f; b >f 2>&1; c >&2; d &>f', ['1 2! a', '1 b', '1 c', '1 d']],
  ['the background', 'a & b', ['1 ! & a', '1 ! b']],
  ['a group in the background', '{ a; b; } >f & c', ['1 & a', '1 & b', '1 ! c']],
  [
    'commands in $( ) and backquotes',
    'x=$(a $(b))\n`c`',
    ['1 b', '1 a $(b)', '1 ! x=$(a $(b))', '2 c', '2 ! `c`'],
  ],
  ['a case in $( )', 'x=$(case a in a) b;; esac)\nc', ['1 b', '1 ! x=$(case a in a) b;; esac)', '2 ! c']],
  ['process substitution', 'a <(b)', ['1 b', '1 ! a <(b)']],
  ['here-documents', "a <<E | b\n$x `y`\nE\nc <<-'F'\n\tdone\n\tF\nd", ['1 a', '1 ! b', '4 ! c', '7 ! d']],
  ['a here-string', 'a <<<"b c"\nd', ['1 ! a', '2 ! d']],
  [
    'if, elif, else',
    'if a; then b; elif c\nthen d; else e; fi; f',
    ['a', 'b', 'c'].map(w => `1 ! ${w}`).concat(['2 ! d', '2 ! e', '2 ! f']),
  ],
  [
    'loops',
    'for i in 1 2; do a; done\nwhile b; do c; done >f\nuntil d\ndo e\ndone',
    ['1 ! a', '2 b', '2 c', '3 ! d', '4 ! e'],
  ],
  [
    'case, with and without the first parenthesis',
    'case $1 in\n(a|b) c ;;\nd) ;;\n*) e\nesac; f',
    ['2 ! c', '4 ! e', '5 ! f'],
  ],
  ['functions in both forms', 'f() { a; }\nfunction g { b; }\nh () ( c )', ['1 ! a', '2 ! b', '3 ! c']],
  [
    '[[ ]] compares with < and &&',
    '[[ $a < b && ( $c > d ) ]] || e',
    ['1 ! [[ $a < b && ( $c > d ) ]]', '1 ! e'],
  ],
  ['calculations', '((x = (1 + 2) * 3)); a $((1 + (2)))', ['1 ! ((x = (1 + 2) * 3))', '1 ! a $((1 + (2)))']],
  ['quotes in braces', 'a "${x:-it\'s}"; b', ["1 ! a ${x:-it's}", '1 ! b']],
  ['what is never closed', 'if a; then b "c', ['1 ! a', '1 ! b c']],
] as const) {
  test(`a shell script is read: ${title}`, t => t.deepEqual(commands(text), [...expected]));
}

test('any text is read without a fault', t => {
  const word = fc.constantFrom(
    ...[
      'if',
      'then',
      'fi',
      'case',
      'in',
      'esac',
      ';;',
      'do',
      'done',
      'for',
      '{',
      '}',
      '(',
      ')',
      '$(',
      '`',
      '"',
    ],
    ...[
      "'",
      '<<E',
      '\n',
      ' ',
      '&&',
      '||',
      '|',
      '&',
      '>',
      '<(',
      '${',
      '$((',
      '))',
      '[[',
      ']]',
      '\\',
      'x=',
      '#',
      'a',
    ],
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), words => {
      const script = parseShell(words.join(''));
      t.true(commandsOf(script?.items ?? []).every(one => one.line >= 1));
      const spaced = parseShell(words.join(' '));
      t.true(commandsOf(spaced?.items ?? []).every(one => one.line >= 1));
    }),
  );
});

for (const piece of [
  '$(',
  '(',
  '{ ',
  'if ',
  '`',
  '"$(',
  '${x:-',
  '@(',
  'f() ',
  '\\`',
  '<(',
  '$((',
  'a <<E\n',
  'elif x; then ',
  '[[ ',
  'case x in a) ',
  'x=a ',
  '& ',
  "'",
]) {
  test(`a hostile file of ${JSON.stringify(piece)} alone is read in time`, t => {
    t.timeout(60_000);
    const start = performance.now();
    const script = parseShell(`if ${piece.repeat(Math.ceil(300_000 / piece.length))}`);
    commandsOf(script?.items ?? []);
    t.true(performance.now() - start < 30_000);
  });
}
