import test from 'ava';
import fc from 'fast-check';
import { diffHunks } from '../../src/report/diff-hunks.ts';

const shown = (old: string, now: string) =>
  diffHunks(old.split(''), now.split(''))
    .map(({ mark, text }) => `${mark}${text}`)
    .join('|');

test('changes far from each other are shown apart, with lines around them', t => {
  t.is(shown('abcdefghijkl', 'aXcdefghijYl'), ' a|-b|+X| c| d| …| i| j|-k|+Y| l');
  t.is(shown('abcdef', 'abcdef'), '');
  t.is(shown('', 'a'), '+a');
  t.is(shown('abcdefg', 'abcdefgh'), ' …| f| g|+h');
});

test('taking the lines away and adding the others makes the new text of the old', t => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
  t.notThrows(() =>
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        const diff = diffHunks(old, now);
        const added = diff.filter(({ mark }) => mark === '+').length;
        const taken = diff.filter(({ mark }) => mark === '-').length;
        return (
          now.length - old.length === added - taken && (diff.length === 0) === (old.join() === now.join())
        );
      }),
    ),
  );
});

test('texts that are long and differ much are not compared line by line', t => {
  const old = Array.from({ length: 5000 }, (_, i) => `${i}`);
  const now = old.map(line => `${line}x`);
  t.is(diffHunks(old, now).filter(({ mark }) => mark === '+').length, 5000);
});
