import test from 'ava';
import fc from 'fast-check';
import { facts, section, table, wrap } from '../../../src/report/catalog/catalog-layout.ts';
import { makePaint } from '../../../src/report/paint.ts';

const paint = makePaint({}, {});
const plain = (...texts: readonly string[]) => texts.map(text => ({ text }));

test('columns are as wide as their widest cell, and no line ends in a blank', t => {
  t.deepEqual(table([plain('a', 'bbb', 'c'), plain('aaa', 'b', ''), plain('', '', 'c')], '  '), [
    '  a    bbb  c',
    '  aaa  b',
    '            c',
  ]);
});

test('colour does not count as width', t => {
  const bold = (text: string) => `<b>${text}</b>`;
  t.deepEqual(table([[{ text: 'a', paint: bold }, { text: 'x' }], plain('aaa', 'x')]), [
    '<b>a</b>    x',
    'aaa  x',
  ]);
});

test('running text never gets wider than the width, save a word that is longer, and no word is lost', t => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 10, max: 60 }), (given, width) => {
      const lines = wrap(given.join(' '), width, '  - ');
      t.deepEqual(lines.join(' ').slice(4).split(/ +/), given);
      for (const [i, line] of lines.entries()) {
        t.true(line.startsWith(i === 0 ? '  - ' : '    '));
        t.true(line.length <= width || !line.slice(4).includes(' '), line);
      }
    }),
  );
});

test('unsafe characters become visible, in tables and in text', t => {
  t.deepEqual(table([plain('a\u001b[31m')]), ['a\\u{1b}[31m']);
  t.deepEqual(wrap('a\u0007 b', 80), ['a\\u{7} b']);
});

test('a section without lines is left out, heading and all', t => {
  t.deepEqual(section('Notes', []), []);
  t.deepEqual(section('Notes', ['  x']), ['', 'Notes', '  x']);
});

test('what belongs to a label is broken below itself', t => {
  t.deepEqual(
    facts(
      [
        ['Package', 'one two three'],
        ['Key', 'four'],
      ],
      { width: 17, paint },
    ),
    ['Package  one two', '         three', 'Key      four'],
  );
});
