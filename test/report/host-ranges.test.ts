import test from 'ava';
import fc from 'fast-check';
import { foldHosts } from '../../src/report/host-ranges.ts';

function numbered(before: string, from: number, to: number, width: number, after = ''): string[] {
  return Array.from(
    { length: to - from + 1 },
    (_, i) => `${before}${String(from + i).padStart(width, '0')}${after}`,
  );
}

/** What a nodeset stands for. */
function expand(text: string): string[] {
  const [whole, inside] = /\[([^\]]*)\]/.exec(text) ?? [];
  if (whole === undefined || inside === undefined) {
    return [text];
  }
  return inside.split(',').flatMap(part => {
    const [first = '', last = first] = part.split('-');
    const width = first.startsWith('0') ? first.length : 0;
    return numbered('', Number(first), Number(last), width).flatMap(digits =>
      expand(text.replace(whole, digits)),
    );
  });
}

const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['nothing', [], []],
  ['two hosts stay two names', ['kvm-1', 'kvm-2'], ['kvm-1', 'kvm-2']],
  ['three hosts are a range', ['kvm-1', 'kvm-2', 'kvm-3'], ['kvm-[1-3]']],
  ['padding and domain are kept', numbered('kvm', 1, 120, 3, '.example.org'), ['kvm[001-120].example.org']],
  ['gaps', ['h1', 'h2', 'h3', 'h5', 'h9', 'h10'], ['h[1-3,5,9-10]']],
  ['9 and 10 are one run without padding', ['h8', 'h9', 'h10', 'h11'], ['h[8-11]']],
  ['padded beside unpadded', ['h01', 'h02', 'h03', 'h1', 'h2', 'h3'], ['h[01-03]', 'h[1-3]']],
  [
    'racks of hosts',
    [1, 2, 3].flatMap(rack => numbered(`rack${rack}-kvm`, 1, 20, 2)),
    ['rack[1-3]-kvm[01-20]'],
  ],
  [
    'racks that differ',
    [...numbered('r1-kvm', 1, 4, 2), ...numbered('r2-kvm', 1, 3, 2)],
    ['r1-kvm[01-04]', 'r2-kvm[01-03]'],
  ],
  ['the number of the data centre', ['kvm.dc1.org', 'kvm.dc2.org', 'kvm.dc3.org'], ['kvm.dc[1-3].org']],
  ['addresses', numbered('10.0.0.', 1, 50, 0), ['10.0.0.[1-50]']],
  ['IPv6 addresses are left alone', numbered('fe80::', 1, 4, 0), numbered('fe80::', 1, 4, 0)],
  ['the order of the first hosts', ['z', 'b3', 'b1', 'b2', 'a'], ['z', 'b[1-3]', 'a']],
  ['a name twice is one host', ['h1', 'h1', 'h2'], ['h1', 'h2']],
  ['numbers too long to count with', numbered('h', 1, 4, 16), numbered('h', 1, 4, 16)],
];

for (const [title, names, folded] of cases) {
  test(`ranges: ${title}`, t => {
    t.deepEqual(foldHosts(names), folded);
  });
}

test('a folded list stands for exactly its hosts', t => {
  const digits = fc.oneof(
    fc.nat(12).map(String),
    fc.nat(12).map(n => String(n).padStart(2, '0')),
  );
  const name = fc
    .tuple(fc.constantFrom('', 'a', 'kvm-'), digits, fc.constantFrom('', '.b', '-'), digits)
    .map(parts => parts.join(''));
  fc.assert(
    fc.property(fc.array(name, { maxLength: 60 }), names => {
      t.deepEqual(foldHosts(names).flatMap(expand).sort(), [...new Set(names)].sort());
    }),
    { numRuns: 500 },
  );
});

test('5,000 names of three numbers each fold within a second', t => {
  const names = Array.from({ length: 5000 }, (_, i) => `r${i % 7}-c${i % 11}-kvm${i}`);
  const start = performance.now();
  t.true(foldHosts(names).length < 5000);
  t.true(performance.now() - start < 5000);
});
