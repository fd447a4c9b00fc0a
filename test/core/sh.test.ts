import { execFileSync } from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import { Secret } from '../../src/core/secret.ts';
import { lines, quoted, sh } from '../../src/core/sh.ts';

const word = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map(text => text.replaceAll(/[\0\ud800-\udfff]/g, ''));

function wordsOf(text: string): string[] {
  return execFileSync('sh', ['-c', text], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

test('any text becomes exactly one word, in a real shell', t => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), words => {
      t.deepEqual(wordsOf(sh`printf '%s\0' ${words}`.text), words);
    }),
    { numRuns: 150 },
  );
});

test('any secret becomes exactly one word, also in a whole text that is quoted for eval, and is never shown', t => {
  fc.assert(
    fc.property(word, word, (plain, hidden) => {
      const script = sh`printf '%s\0' ${plain} ${new Secret(hidden)} ${[new Secret(hidden), 3]}`;
      const words = [plain, hidden, hidden, '3'];
      t.deepEqual(wordsOf(script.text), words);
      t.deepEqual(wordsOf(sh`eval ${quoted(script)}`.text), words);
      t.deepEqual(wordsOf(sh`eval ${quoted(sh`eval ${quoted(script)}`)}`.text), words);
      t.is(script.shown, sh`printf '%s\0' ${plain} '[redacted]' '[redacted]' 3`.text);
      t.is(quoted(script).shown, sh`${script.shown}`.text);
    }),
    { numRuns: 60 },
  );
});

test('the pieces of a text are small and make up the whole; none ends within a character', t => {
  const long = sh`echo ${'a'.repeat(65_529)}${'🪝'.repeat(40_000)} ${new Secret('b🪝'.repeat(50_000))}`;
  for (const shell of [long, sh``, sh`true`]) {
    const pieces = [...shell.pieces()];
    t.true(pieces.every(piece => piece.length <= 65_536));
    t.is(Buffer.concat(pieces.map(piece => Buffer.from(piece))).toString(), shell.text);
  }
});

test('hostile words stay words', t => {
  const words = [
    '',
    "'",
    "'\\''",
    '$(id)',
    '`id`',
    '; rm -rf /',
    '-n',
    '*',
    '~',
    'a=b',
    '#',
    '\n',
    'é',
    '{1,3}',
    '!',
  ];
  t.deepEqual(wordsOf(sh`printf '%s\0' ${words}`.text), words);
  for (const one of words) {
    t.deepEqual(wordsOf(sh`printf '%s\0' x${one}y`.text), [`x${one}y`]);
  }
});

test('shell text made by the template is put in unchanged', t => {
  const inner = sh`echo ${'a b'}`;
  t.is(sh`if ${inner}; then exit ${3}; fi`.text, "if echo 'a b'; then exit 3; fi");
  t.is(lines([inner, sh`true`]).text, "echo 'a b'\ntrue");
});

test('backslashes are the shell’s, and \\${ is its own expansion', t => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that expands it
  t.is(sh`printf '%s\n' "\${line#??}"`.text, 'printf \'%s\\n\' "${line#??}"');
});

test('an object that only looks like shell text is quoted or refused, never run', t => {
  const fake = { text: 'rm -rf /' };
  // @ts-expect-error the type does not let it in either
  t.throws(() => sh`${fake}`);
});

test('what cannot stand in a shell word is refused', t => {
  t.throws(() => sh`echo ${'a\0b'}`, { instanceOf: RangeError });
  t.throws(() => sh`echo ${new Secret('a\0b')}`, { instanceOf: RangeError });
  t.throws(() => sh`sleep ${0.5}`, { instanceOf: RangeError });
  t.throws(() => sh`sleep ${Number.NaN}`, { instanceOf: RangeError });
});
