import test from 'ava';
import fc from 'fast-check';
import { orderHosts } from '../../../src/cli/inventory/order-hosts.ts';

const hosts = ['kvm-2', 'kvm-10', 'a', 'Z'].map(name => ({ name }));
const names = (order: 'inventory' | 'sorted' | 'shuffle', random?: () => number) =>
  orderHosts(hosts, order, random).map(({ name }) => name);

test('hosts come as the inventory has them, or sorted', t => {
  t.deepEqual(names('inventory'), ['kvm-2', 'kvm-10', 'a', 'Z']);
  t.deepEqual(names('sorted'), ['Z', 'a', 'kvm-10', 'kvm-2']);
});

test('shuffled, every host comes once, and chance decides when', t => {
  t.deepEqual(
    names('shuffle', () => 0),
    ['kvm-2', 'kvm-10', 'a', 'Z'],
  );
  t.deepEqual(
    names('shuffle', () => 0.999),
    ['Z', 'a', 'kvm-10', 'kvm-2'],
  );
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.9999, noNaN: true })), numbers => {
      const drawn = names('shuffle', () => numbers.next().value ?? 0);
      t.deepEqual(drawn.toSorted(), names('sorted').toSorted());
    }),
    { numRuns: 50 },
  );
});
