import test from 'ava';
import { sameHostWarnings } from '../../../src/cli/plays/same-host.ts';
import type { Host } from '../../../src/core/host.ts';

function host(name: string, more: Partial<Host> = {}): Host {
  return { name, address: '10.0.0.5', ...more };
}

const SAME: readonly (readonly [string, readonly Host[], string])[] = [
  ['one address', [host('a'), host('b')], 'One host has several names in the inventory: a and b'],
  ['a name in other letters', [host('a', { address: 'KVM' }), host('b', { address: 'kvm' })], 'a and b'],
  ['the port that ssh takes by itself', [host('a'), host('b', { port: 22 })], 'a and b'],
  [
    'the control machine',
    [host('a', { connection: 'local' }), host('b', { connection: 'local', address: 'other' })],
    'a and b',
  ],
  [
    'two hosts, one of them with three names',
    [host('a'), host('b'), host('c', { address: 'x' }), host('d', { address: 'x' }), host('e')],
    '2 hosts have several names in the inventory: a, b and e; c and d',
  ],
];

for (const [what, hosts, said] of SAME) {
  test(`told as one host: ${what}`, t => {
    const [warning, ...more] = sameHostWarnings(hosts);
    t.true(warning?.message.endsWith(said), warning?.message);
    t.deepEqual(more, []);
  });
}

const OTHERS: readonly (readonly [string, readonly Host[]])[] = [
  ['one name in two plays', [host('a'), host('a')]],
  ['two ports of one address', [host('a', { port: 2201 }), host('b', { port: 2202 })]],
  ['one private address behind two jump hosts', [host('a', { jump: 'x' }), host('b', { jump: 'y' })]],
  ['the control machine and a host with its address', [host('a', { connection: 'local' }), host('b')]],
];

for (const [what, hosts] of OTHERS) {
  test(`not told: ${what}`, t => {
    t.deepEqual(sameHostWarnings(hosts), []);
  });
}

test('an inventory where all is there twice fills no screen', t => {
  const hosts = Array.from({ length: 1000 }, (_, i) => host(`h${i}`, { address: `10.0.0.${i % 500}` }));
  const [warning] = sameHostWarnings(hosts);
  t.regex(warning?.message ?? '', /^500 hosts have .*h4 and h504; and 495 more hosts$/);
});
