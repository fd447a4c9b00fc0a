import test from 'ava';
import fc from 'fast-check';
import { duration, roughDuration, wholeDuration } from '../../src/report/duration.ts';
import { headerLines } from '../../src/report/header.ts';
import { cut, fitLine, widthOf } from '../../src/report/line.ts';
import { symbolsFor } from '../../src/report/symbols.ts';

test('durations are as exact as they are long', t => {
  const texts = [0, 40, 9_900, 9_960, 41_400, 59_600, 125_000, 3_900_000].map(ms => duration(ms));
  t.deepEqual(texts, ['0.0 s', '0.0 s', '9.9 s', '10 s', '41 s', '1 min 00 s', '2 min 05 s', '1 h 05 min']);
  t.is(wholeDuration(3_400), '3 s');
  t.is(wholeDuration(-5), '0 s');
  const rough = [0, 42_000, 99_900, 100_000, 360_000, 3_590_000, 4_900_000].map(ms => roughDuration(ms));
  t.deepEqual(rough, [
    'about 5 s',
    'about 40 s',
    'about 100 s',
    'about 2 min',
    'about 6 min',
    'about 1 h',
    'about 1 h 20 min',
  ]);
});

test('width is counted in columns of a terminal', t => {
  const widths = ['', 'abc', 'äöü', 'e\u0301', '日本', '한글', '😀', 'a\u200bb'].map(text => widthOf(text));
  t.deepEqual(widths, [0, 3, 3, 1, 4, 4, 2, 2]);
});

test('what is cut ends in an ellipsis and fits', t => {
  t.is(cut('abcdef', 6), 'abcdef');
  t.is(cut('abcdef', 5), 'abcd…');
  t.is(cut('abc def', 5), 'abc…');
  t.is(cut('日本語', 4), '日…');
  t.is(cut('abc', 0), '');
  t.is(cut('abcdef', 5, '~'), 'abcd~');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, columns) => {
      t.true(widthOf(cut(text, columns)) <= columns);
    }),
  );
});

test('a line is cut by what is seen, and keeps its colours whole', t => {
  const red = (text: string) => `<${text}>`;
  const spans = [{ text: 'ab', paint: red }, { text: ' ' }, { text: 'cdef', paint: red }, { text: 'g' }];
  t.is(fitLine(spans, 8), '<ab> <cdef>g');
  t.is(fitLine(spans, 5), '<ab> <c…>');
  t.is(fitLine(spans, 0), '');
});

test('above a run stands what it is, over how many hosts, how many at once', t => {
  const about = { words: ['hooks.yml'], preview: false };
  const header = (hosts: number, preview = false) =>
    headerLines({ ...about, preview }, { command: 'apply', hosts, forks: 50 }).join('\n');
  t.is(header(500), 'apply hooks.yml: 500 hosts, at most 50 at once');
  t.is(header(50), 'apply hooks.yml: 50 hosts');
  t.is(header(1), 'apply hooks.yml: 1 host');
  t.is(header(500, true), 'apply hooks.yml: looking at 500 hosts, at most 50 at once');
  t.is(
    headerLines({ ...about, words: ['\u001b[2J'] }, { command: 'apply', hosts: 1, forks: 1 })[0],
    'apply \\u{1b}[2J: 1 host',
  );
});

const terminals: readonly (readonly [NodeJS.ProcessEnv, string])[] = [
  [{}, '✔'],
  [{ LANG: 'de_DE.UTF-8', TERM: 'xterm' }, '✔'],
  [{ LANG: 'C.utf8' }, '✔'],
  [{ LANG: 'C' }, '+'],
  [{ LANG: 'de_DE.UTF-8', LC_ALL: 'POSIX' }, '+'],
  [{ LANG: 'de_DE.UTF-8', TERM: 'linux' }, '+'],
];

for (const [env, done] of terminals) {
  test(`signs of a terminal with ${JSON.stringify(env)}: ${done}`, t => {
    const symbols = symbolsFor(env);
    t.is(symbols.done, done);
    for (const sign of [...symbols.spinner, symbols.failed, symbols.skipped, symbols.ellipsis]) {
      t.is(widthOf(sign), 1);
    }
  });
}
