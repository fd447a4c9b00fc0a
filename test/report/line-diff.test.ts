import test from 'ava';
import fc from 'fast-check';
import { diffLines } from '../../src/report/line-diff.ts';

const text = (before: string, after: string) =>
  diffLines(before, after).map(line => `${line.mark}${line.text}`);

test('only what differs is shown, with two lines around it', t => {
  const before = 'a\nb\nc\nd\nold\ne\nf\ng\nh\n';
  t.deepEqual(text(before, before.replace('old', 'new\nnewer')), [
    ' …',
    ' c',
    ' d',
    '-old',
    '+new',
    '+newer',
    ' e',
    ' f',
    ' …',
  ]);
  t.deepEqual(text('', 'a\nb\n'), ['+a', '+b']);
  t.deepEqual(text('a', ''), ['-a']);
  t.deepEqual(text('a\na', 'a'), [' a', '-a']);
});

test('the lines taken away and added turn the one text into the other', t => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = diffLines(before.join('\n'), after.join('\n'));
      const hidden = diff.some(line => line.text === '…');
      const side = (mark: '-' | '+') =>
        diff.filter(line => line.mark === ' ' || line.mark === mark).map(line => line.text);
      if (!hidden) {
        t.deepEqual(side('-'), before);
        t.deepEqual(side('+'), after);
      }
      t.is(
        diff.filter(({ mark }) => mark === '+').length - diff.filter(({ mark }) => mark === '-').length,
        after.length - before.length,
      );
    }),
  );
});
