import test from 'ava';
import { reviewHostKeys } from '../../../src/remote/host-keys/host-key-review.ts';
import { newPrivateKey, publicKey } from '../embedded-server.ts';
import { knownHostsText } from '../known.ts';

const KEYS = {
  ed: publicKey(newPrivateKey('ed25519')),
  otherEd: publicKey(newPrivateKey('ed25519')),
  ecdsa: publicKey(newPrivateKey('ecdsa')),
  rsa: publicKey(newPrivateKey('rsa')),
};
type Name = keyof typeof KEYS;

const wire = (name: Name) => KEYS[name].getPublicSSH();
const line = (name: Name, names = 'h1') => `${names} ${KEYS[name].type} ${wire(name).toString('base64')}\n`;

for (const [what, text, keys, states] of [
  ['nothing on record', '', ['ed', 'rsa'], ['new', 'new']],
  ['all on record', line('ed') + line('rsa'), ['ed', 'rsa'], ['known', 'known']],
  ['a further type', line('ed'), ['ed', 'rsa'], ['known', 'new']],
  ['another key of one type', line('ed') + line('rsa'), ['otherEd', 'rsa'], ['changed:1', 'known']],
  ['another key of the only type', line('ed'), ['otherEd'], ['changed:1']],
  ['no key of the recorded type any more', line('ed'), ['ecdsa', 'rsa'], ['changed:1', 'changed:1']],
  ['an old and a new key of one type', line('otherEd') + line('ed'), ['ed'], ['known']],
  ['a revoked key', `@revoked ${line('ed', '*')}`, ['ed', 'rsa'], ['revoked:1', 'new']],
  ['an authority', `@cert-authority ${line('ecdsa', '*')}`, ['ed'], ['new']],
] as const satisfies readonly (readonly [string, string, readonly Name[], readonly string[]])[]) {
  test(`with ${what}, the keys ${keys.join(', ')} are ${states.join(', ')}`, async t => {
    const known = await knownHostsText(text).lookup({
      address: 'h1',
      port: 22,
      knownAs: 'h1',
      knownHostsFiles: undefined,
    });
    t.deepEqual(
      reviewHostKeys(keys.map(wire), known).map(({ state, records }) =>
        [state, ...records.map(({ place }) => place.line)].join(':'),
      ),
      [...states],
    );
  });
}

test('a key on record for the address without the port is known, a further one is new', async t => {
  const known = await knownHostsText(line('ed')).lookup({
    address: 'h1',
    port: 2222,
    knownAs: 'h1',
    knownHostsFiles: undefined,
  });
  t.deepEqual(
    reviewHostKeys([wire('ed'), wire('rsa')], known).map(({ state }) => state),
    ['known', 'new'],
  );
});
