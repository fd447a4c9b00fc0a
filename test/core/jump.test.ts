import test from 'ava';
import { parseHops } from '../../src/core/jump.ts';

test('hops are read as ssh -J takes them', t => {
  t.deepEqual(parseHops('bastion'), [{ address: 'bastion' }]);
  t.deepEqual(parseHops('ann@a:2222, b,[2001:db8::1]:22,ssh://c@d:1/'), [
    { user: 'ann', address: 'a', port: 2222 },
    { address: 'b' },
    { address: '2001:db8::1', port: 22 },
    { user: 'c', address: 'd', port: 1 },
  ]);
  t.deepEqual(parseHops('[fe80::1%eth0]'), [{ address: 'fe80::1%eth0' }]);
  t.deepEqual(parseHops('[192.0.2.1],[a]:2'), [{ address: '192.0.2.1' }, { address: 'a', port: 2 }]);
  t.deepEqual(parseHops('none'), []);
});

for (const text of [
  '',
  ',',
  'a,,b',
  'a b',
  'a:0',
  'a:65536',
  'a:ssh',
  '2001:db8::1',
  '[a:b]',
  '[::1',
  '@a',
  '-oX=1',
  'a;b,',
]) {
  test(`what is no list of hops is refused: "${text}"`, t => {
    t.is(parseHops(text), undefined);
  });
}
