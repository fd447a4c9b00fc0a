import test from 'ava';
import { terminalSvg } from './svg.ts';
import { screenOf } from './terminal.ts';

const texts = (output: string, columns = 80) =>
  screenOf(output, columns).map(row => row.map(({ text }) => text).join(''));

test('the screen has what is left once lines were drawn anew', t => {
  const drawnAnew =
    '\u001b[?25l⠋ a  0/2\r\n⠋ b\r\n\u001b[2K\u001b[1A\u001b[2K\u001b[1A\u001b[2K\u001b[G✔ a\r\n✔ b\r\nend';
  t.deepEqual(texts(drawnAnew), ['✔ a', '✔ b', 'end']);
});

test('what follows the cursor is erased, in its line and below', t => {
  const drawnOver = 'abcdef\r\nsecond\r\nthird\r\n\u001b[3Ax\u001b[K\r\n\u001b[J';
  t.deepEqual(texts(drawnOver), ['x', '']);
});

test('a line that is longer than the terminal goes on in the next row', t => {
  t.deepEqual(texts('abcde\r\nf', 3), ['abc', 'de', 'f']);
  t.deepEqual(texts('abc\r\nd', 3), ['abc', 'd']);
});

test('runs have the look that was set last, and the column where they begin', t => {
  t.deepEqual(screenOf('a\u001b[1mb\u001b[33mc\u001b[22md\u001b[39me', 80)[0], [
    { column: 0, text: 'a', colour: null, bold: false, dim: false },
    { column: 1, text: 'b', colour: null, bold: true, dim: false },
    { column: 2, text: 'c', colour: 'yellow', bold: true, dim: false },
    { column: 3, text: 'd', colour: 'yellow', bold: false, dim: false },
    { column: 4, text: 'e', colour: null, bold: false, dim: false },
  ]);
});

test('what is not known is an error, not a wrong picture', t => {
  t.throws(() => screenOf('\u001b[5;5H', 80), { message: /not known/ });
  t.throws(() => screenOf('\u001b[48m', 80), { message: /not known/ });
});

test('the picture has every text, with nothing that XML would misread', t => {
  const svg = terminalSvg('a & b', screenOf('x <y> & \u001b[32mz', 80), 80);
  t.true(svg.includes('<title>a &amp; b</title>'));
  t.true(svg.includes('>x &lt;y&gt; &amp; </text>'));
  t.regex(svg, /class="green">z<\/text>/);
});
