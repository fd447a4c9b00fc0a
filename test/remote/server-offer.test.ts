import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import test from 'ava';
import fc from 'fast-check';
import { connect } from '../../src/remote/connect.ts';
import { noCommonAlgorithm } from '../../src/remote/handshake-failure.ts';
import { parseOffer, type ServerOffer } from '../../src/remote/server-offer.ts';
import { plainTarget } from '../../src/remote/target.ts';
import { writeString } from '../../src/remote/wire.ts';
import { hostError, ONE_KEY, serverFor } from './faults.ts';

const PLAIN_OFFER: ServerOffer = {
  kex: ['curve25519-sha256'],
  hostKeys: ['ssh-ed25519', 'rsa-sha2-256'],
  ciphers: ['aes128-ctr'],
  macs: ['hmac-sha2-256'],
};

/** The first bytes of a server (RFC 4253, 4.2, 6 and 7.1). */
function greeting({ kex, hostKeys, ciphers, macs }: ServerOffer, before = ''): Buffer {
  const lists = [
    [...kex, 'ext-info-s', 'kex-strict-s-v00@openssh.com'],
    hostKeys,
    ciphers,
    ciphers,
    macs,
    macs,
  ];
  const rest = [['none'], ['none'], [], []];
  const payload = Buffer.concat([
    Buffer.from([20]),
    Buffer.alloc(16),
    ...[...lists, ...rest].map(list => writeString(list.join())),
    Buffer.alloc(5),
  ]);
  const padding = Buffer.alloc(4 + (8 - ((payload.length + 9) % 8)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(1 + payload.length + padding.length);
  const packet = [length, Buffer.from([padding.length]), payload, padding];
  return Buffer.concat([Buffer.from(`${before}SSH-2.0-some_server\r\n`), ...packet]);
}

test('what a server offers is read, with whatever lines it writes before', t => {
  t.deepEqual(parseOffer(greeting(PLAIN_OFFER)), PLAIN_OFFER);
  t.deepEqual(parseOffer(greeting(PLAIN_OFFER, 'Welcome\r\nto SSH-land\r\n')), PLAIN_OFFER);
});

test('an offer that is cut off anywhere is none, and so is anything else', t => {
  const whole = greeting(PLAIN_OFFER);
  for (let length = 0; length < whole.length; length += 1) {
    t.is(parseOffer(whole.subarray(0, length)), undefined);
  }
  fc.assert(fc.property(fc.uint8Array(), bytes => parseOffer(Buffer.from(bytes)) === undefined));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 40 }), bytes => {
      parseOffer(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), bytes]));
      return true;
    }),
  );
});

test('the offer of a real server is read from its first bytes, however they come', async t => {
  const server = await serverFor(t);
  const socket = connectSocket(server.port, '127.0.0.1');
  socket.write('SSH-2.0-test\r\n');
  let data = Buffer.alloc(0);
  while (parseOffer(data) === undefined) {
    const [chunk] = await once(socket, 'data');
    data = Buffer.concat([data, chunk]);
  }
  socket.destroy();
  t.true(parseOffer(data)?.kex.includes('curve25519-sha256'));
  t.deepEqual(parseOffer(data)?.hostKeys, ['ssh-ed25519']);
});

test('a server without a common algorithm is told with what it has', async t => {
  const server = await serverFor(t, { settings: { algorithms: { kex: ['diffie-hellman-group1-sha1'] } } });
  const { failure } = await hostError(
    t,
    connect(server.host(), { knownHosts: server.knownHosts, identities: ONE_KEY }),
  );
  t.regex(failure.message, /: no matching key exchange; the server takes only diffie-hellman-group1-sha1$/);
  t.regex(failure.hint ?? '', /legacy/);
});

const target = plainTarget({ name: 'h', address: 'h', user: 'u' });
const NO_KEX = new Error('Handshake failed: no matching key exchange algorithm');

for (const [what, offer, legacy, hint] of [
  ['post-quantum alone', { kex: ['mlkem768x25519-sha256', 'sntrup761x25519-sha512'] }, false, /post-quantum/],
  ['old ones alone', { kex: ['diffie-hellman-group14-sha1'] }, false, /legacy/],
  ['old ones, though legacy is set', { kex: ['diffie-hellman-group14-sha1'] }, true, /ssh -vv/],
  ['something else', { kex: ['curve448-sha512'] }, false, /ssh -vv/],
] as const) {
  test(`a server that offers key exchanges that are ${what} gets its own hint`, t => {
    const found = noCommonAlgorithm({
      host: { ...target, algorithms: legacy ? 'legacy' : 'modern' },
      cause: NO_KEX,
      offer: { ...PLAIN_OFFER, ...offer },
    });
    t.true(found?.message.endsWith(offer.kex.join(', ')));
    t.regex(found?.hint ?? '', hint);
  });
}

test('any other trouble of the handshake is none of this', t => {
  t.is(noCommonAlgorithm({ host: target, cause: new Error('Bad packet'), offer: PLAIN_OFFER }), undefined);
  t.is(noCommonAlgorithm({ host: target, cause: undefined, offer: undefined }), undefined);
  const unseen = noCommonAlgorithm({ host: target, cause: NO_KEX, offer: undefined });
  t.is(unseen?.message, 'no matching key exchange');
});
