import test from 'ava';
import { Secret } from '../../../src/core/secret.ts';
import type { Attempt } from '../../../src/remote/attempt.ts';
import type { Identity } from '../../../src/remote/login/identities.ts';
import type { LoginRecord, UsableIdentity } from '../../../src/remote/login/login.ts';
import { loginFailure } from '../../../src/remote/login/login-failure.ts';
import { plainTarget } from '../../../src/remote/target.ts';
import { newPrivateKey, publicKey } from '../embedded-server.ts';

const ED25519: UsableIdentity = { kind: 'key', source: 'id', key: publicKey(newPrivateKey()) };

/** A login as ops that came to nothing. */
function failed(login: Partial<LoginRecord>, more: Partial<Attempt> = {}) {
  const record: LoginRecord = {
    tries: [{ what: ED25519, end: 'refused', remark: undefined }],
    offered: ['publickey'],
    signatures: undefined,
    passwordChange: undefined,
    exhausted: true,
    ...login,
  };
  const { failure } = loginFailure({
    host: plainTarget({ name: 'kvm', address: '192.0.2.1', user: 'ops' }),
    phase: 'login',
    cause: undefined,
    timedOutAfterMs: undefined,
    refused: undefined,
    known: {
      name: 'kvm',
      trusted: [],
      withoutPort: [],
      revoked: [],
      authorities: [],
      unreadable: [],
      file: '',
    },
    trustCommand: undefined,
    identities: [ED25519],
    login: record,
    ...more,
  });
  return failure;
}

const OFFER = { kex: ['curve25519-sha256'], hostKeys: ['ssh-ed25519'], ciphers: [], macs: [] };
const NIST = ['ecdsa-sha2-nistp256', 'rsa-sha2-256', 'rsa-sha2-512'];

for (const [what, signatures, offer, fips] of [
  ['lists Ed25519 signatures', ['ssh-ed25519', ...NIST], OFFER, false],
  ['lists signatures without it', NIST, OFFER, true],
  ['lists RSA alone, as OpenSSH 7.4 does', ['rsa-sha2-256', 'rsa-sha2-512'], OFFER, false],
  ['lists none', undefined, OFFER, false],
  [
    'offers nothing of that family',
    ['ssh-ed25519', ...NIST],
    { ...OFFER, kex: ['ecdh-sha2-nistp256'], hostKeys: ['rsa-sha2-256'] },
    true,
  ],
  ['has told nothing', undefined, undefined, false],
] as const) {
  test(`an Ed25519 key refused by a server that ${what}: ${fips ? 'FIPS' : 'nothing special'}`, t => {
    const { message, hint } = failed({ signatures }, { offer });
    t.is(/FIPS/.test(message), fips);
    t.is(/ECDSA or RSA/.test(hint ?? ''), fips);
  });
}

test('what would be the same for many hosts is the same text, without their addresses', t => {
  t.notRegex(failed({}).message, /192\.0\.2\.1|kvm/);
});

test('an encrypted key is named with the command that loads it, quoted for the shell', t => {
  const locked: Identity = { kind: 'encrypted', source: '/home/me/my key', publicKey: undefined };
  const { message, hint } = failed({ tries: [] }, { identities: [locked] });
  t.regex(message, /there is no key to try; not tried: \/home\/me\/my key \(encrypted\)/);
  t.regex(hint ?? '', /ssh-add '\/home\/me\/my key'/);
  t.regex(hint ?? '', /--key-passphrase-file/);
});

test('a password that did not come to its turn is named as not tried', t => {
  const host = {
    ...plainTarget({ name: 'kvm', address: '192.0.2.1', user: 'ops' }),
    password: new Secret('x'),
  };
  const cause = Object.assign(new Error('Too many authentication failures'), { code: 2 });
  const { message } = failed({ offered: ['publickey', 'password'] }, { cause, host });
  t.regex(message, /; not tried: the password; the server takes/);
});

test('a server that hangs up after too many attempts: the one that was under way counts as refused', t => {
  const cause = Object.assign(new Error('Too many authentication failures'), { code: 2 });
  const { message, hint } = failed(
    { tries: [{ what: ED25519, end: 'pending', remark: undefined }], offered: undefined },
    { cause },
  );
  t.regex(message, /refused: id \(.*\); the server gave up: Too many authentication failures$/);
  t.regex(hint ?? '', /MaxAuthTries/);
});
