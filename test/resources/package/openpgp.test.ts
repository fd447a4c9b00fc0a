import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { type PublicKey, readArmoredKeys, readBinaryKeys } from '../../../src/resources/package/openpgp.ts';

const read = (name: string) => readFileSync(new URL(`../keys/${name}.asc`, import.meta.url), 'utf8');

/** The keys as `gpg --list-keys --with-colons` of gpg 2.2.40 shows them. */
const KEYS: Readonly<Record<string, PublicKey>> = {
  ed: {
    fingerprint: 'D94B7A703E9417654F2C941FA3AA3B161C6D1219',
    userId: 'Ed <ed@example.org>',
    expires: null,
    revoked: false,
  },
  expired: {
    fingerprint: 'E35D5A4564A07EDE2319DC13FC8F3A0EC589CC5C',
    userId: 'Old <old@example.org>',
    expires: 1768089600,
    revoked: false,
  },
  revoked: {
    fingerprint: 'C8BC685A1D9DDE83FAA27A06A9EB90CA5F7F357D',
    userId: 'Gone <gone@example.org>',
    expires: null,
    revoked: true,
  },
  // Prolonged once, signed later by the key `expired`, and with a subkey that ends earlier: none of that counts.
  rsa: {
    fingerprint: '3E00162CDB8C0C19DDC80F80BD4089D22F525E67',
    userId: 'RSA with subkey <rsa@example.org>',
    expires: 2398032000,
    revoked: false,
  },
};

for (const [name, key] of Object.entries(KEYS)) {
  test(`reads a key as gpg does: ${name}`, t => {
    t.deepEqual(readArmoredKeys(read(name)), { keys: [key] });
    t.deepEqual(readArmoredKeys(read(name).replaceAll('\n', '\r\n')), { keys: [key] });
  });
}

test('finds every key: of several blocks, between other text, of one block with several', t => {
  const { ed, rsa, revoked } = KEYS;
  t.deepEqual(readArmoredKeys(`Our keys\n\n${read('ed')}\nand\n${read('rsa')}`), { keys: [ed, rsa] });
  const both = Buffer.concat(['ed', 'revoked'].map(binary));
  t.deepEqual(readBinaryKeys(both), { keys: [ed, revoked] });
  t.deepEqual(readArmoredKeys(armored(both)), { keys: [ed, revoked] });
});

test('says why a text is no key', t => {
  const secret = read('ed').replaceAll('PUBLIC', 'PRIVATE');
  const faults: readonly (readonly [string, RegExp])[] = [
    ['', /holds no "-----BEGIN PGP PUBLIC KEY BLOCK-----"/],
    ['<html>', /holds no/],
    [secret, /holds no/],
    [binary('ed').toString('latin1'), /holds no/],
    [armored(Buffer.from([0xc6, 5, 6, 0, 0, 0, 0])), /OpenPGP version 6; only version 4/],
    [armored(Buffer.from([0xc6, 5, 3, 0, 0, 0, 0])), /version 3/],
    [armored(Buffer.from([0xcd, 1, 65])), /does not begin with a public key/],
    [armored(binary('ed').subarray(0, 60)), /broken off or damaged/],
    [armored(Buffer.alloc(0)), /does not begin/],
  ];
  for (const [text, fault] of faults) {
    const keys = readArmoredKeys(text);
    t.regex('fault' in keys ? keys.fault : '', fault);
  }
});

test('a damaged key is never an exception, and never another key with the same fingerprint', t => {
  const bytes = binary('rsa');
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ change;
      const keys = readBinaryKeys(damaged);
      const end = 3 + 269; // the header and the body of the primary key's packet
      return !('keys' in keys) || at >= end || keys.keys[0]?.fingerprint !== KEYS.rsa?.fingerprint;
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), some => typeof readBinaryKeys(some) === 'object'));
  t.pass();
});

function binary(name: string): Buffer {
  const [, body = ''] = /BLOCK-----\n\n([\s\S]*?)\n=/.exec(read(name)) ?? [];
  return Buffer.from(body, 'base64');
}

function armored(bytes: Buffer): string {
  return `-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: a test\n\n${bytes.toString('base64')}\n-----END PGP PUBLIC KEY BLOCK-----\n`;
}
