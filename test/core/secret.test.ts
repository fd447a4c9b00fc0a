import { inspect } from 'node:util';
import test from 'ava';
import { Secret } from '../../src/core/secret.ts';
import { lines, sh } from '../../src/core/sh.ts';

const secret = new Secret('hunter2');

test('a secret shows itself nowhere', t => {
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: [secret] }),
  ];
  for (const text of shown) {
    t.false(text.includes('hunter2'), text);
    t.true(text.includes('[redacted]'), text);
  }
  t.deepEqual(Object.keys(secret), []);
});

test('a script with a secret is sent with it and shown without it', t => {
  const script = lines([sh`printf '%s' ${secret} >file`, sh`${[secret, 'x']}`]);
  t.is(script.text, "printf '%s' 'hunter2' >file\n'hunter2' x");
  t.is(script.shown, "printf '%s' '[redacted]' >file\n'[redacted]' x");
});
