import test from 'ava';
import fc from 'fast-check';
import { printable } from '../../src/core/printable.ts';

test('escape sequences, bells, carriage returns and direction overrides become visible', t => {
  t.is(printable('\u001b[2J\u0007ok\r'), '\\u{1b}[2J\\u{7}ok\\u{d}');
  t.is(printable('a\u202eb\u009bc\u007f'), 'a\\u{202e}b\\u{9b}c\\u{7f}');
});

test('ordinary text, line feeds and tabs stay', t => {
  t.is(printable('kvm-01:\tÜber\n日本'), 'kvm-01:\tÜber\n日本');
});

test('nothing that drives a terminal is left in any text', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
      t.notRegex(printable(text), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});
