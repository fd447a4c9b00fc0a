import test from 'ava';
import fc from 'fast-check';
import { splitWords } from '../../src/inventory/words.ts';

const table: readonly (readonly [string, readonly string[]])[] = [
  ['kvm-01 a=1\t b=2', ['kvm-01', 'a=1', 'b=2']],
  ['h a="x y" b=\'x y\'', ['h', 'a=x y', 'b=x y']],
  ['h a=x" y"z', ['h', 'a=x yz']],
  ['h a="" b=\'\'', ['h', 'a=', 'b=']],
  ["h ''", ['h', '']],
  ['h # a comment', ['h']],
  ['h a=1# a comment', ['h', 'a=1']],
  ['h a="1#2" b=\'#\'', ['h', 'a=1#2', 'b=#']],
  ['h a=\\# b=\\ x', ['h', 'a=#', 'b= x']],
  ['h a="\\"q\\"" b="\\\\" c="\\n"', ['h', 'a="q"', 'b=\\', 'c=\\n']],
  ["h a='\\n'", ['h', 'a=\\n']],
  ['h ; a=;', ['h', ';', 'a=;']],
  ['# nothing', []],
];

for (const [line, words] of table) {
  test(`a host line is split as shlex splits it: ${line}`, t => {
    t.deepEqual(splitWords(line), { words });
  });
}

test('an open quote or escape is told with its column', t => {
  t.deepEqual(splitWords('h a="x'), { open: '"', column: 5 });
  t.deepEqual(splitWords("h 'x"), { open: "'", column: 3 });
  t.deepEqual(splitWords('h a\\'), { open: '\\', column: 4 });
});

test('whatever a shell quotes as words comes out as these words', t => {
  const quote = (word: string) => `'${word.replaceAll("'", `'"'"'`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), words => {
      t.deepEqual(splitWords(words.map(quote).join(' ')), { words });
    }),
  );
  t.pass();
});
