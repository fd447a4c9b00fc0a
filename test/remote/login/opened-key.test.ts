import { generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import ssh2, { type ParsedKey } from 'ssh2';
import { openedOnce } from '../../../src/remote/login/opened-key.ts';
import { newPrivateKey } from '../embedded-server.ts';

const RSA = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
}).privateKey;
const EC = generateKeyPairSync('ec', {
  namedCurve: 'secp384r1',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'sec1', format: 'pem' },
}).privateKey;

function parsed(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) {
    throw key;
  }
  return key;
}

for (const [name, text, hashes] of [
  ['Ed25519', newPrivateKey(), [undefined]],
  ['ECDSA', EC, [undefined]],
  ['RSA', RSA, [undefined, 'sha1', 'sha256', 'sha512']],
] as const) {
  test(`a key of ${name} that is opened once signs as ssh2 itself does, again and again`, t => {
    const key = parsed(text);
    const opened = openedOnce(key);
    for (const hash of [...hashes, ...hashes]) {
      const signature = opened.sign('data', hash);
      t.true(key.verify('data', signature, hash));
      t.false(key.verify('other', signature, hash));
      if (name !== 'ECDSA') {
        t.deepEqual(signature, key.sign('data', hash), 'no chance is in it');
      }
    }
    t.true(opened.isPrivateKey());
    t.deepEqual(opened.getPublicSSH(), key.getPublicSSH());
  });
}

test('a hash that nobody knows is an error as an answer, as from ssh2', t => {
  t.true((openedOnce(parsed(RSA)).sign('data', 'nonsense') as unknown) instanceof Error);
});
