import test from 'ava';
import type { Failure } from '../../src/core/failure.ts';
import { gatherCauses } from '../../src/report/cause.ts';

function failure(message: string, more: Partial<Failure> = {}): Failure {
  return {
    kind: 'probe',
    message,
    step: 's',
    command: null,
    exitCode: null,
    stderr: null,
    hint: null,
    ...more,
  };
}

const aliases = new Map([
  ['kvm-1', ['10.0.0.1']],
  ['kvm-10', ['10.0.0.10']],
  ['host', []],
  ['v6', ['fe80::1']],
]);
const fingerprint = (letter: string) => `SHA256:${letter.repeat(43)}`;

const cases: readonly (readonly [
  title: string,
  first: readonly [string, string],
  second: readonly [string, string],
  shown: string | null,
])[] = [
  ['the same text', ['kvm-1', 'it broke'], ['kvm-10', 'it broke'], 'it broke'],
  ['another text', ['kvm-1', 'it broke'], ['kvm-10', 'it burnt'], null],
  ['their names', ['kvm-1', 'no kvm-1.'], ['kvm-10', 'no kvm-10.'], 'no <host>.'],
  [
    'their addresses, with a port',
    ['kvm-1', 'at 10.0.0.1:22'],
    ['kvm-10', 'at 10.0.0.10:22'],
    'at <host>:22',
  ],
  ['an IPv6 address', ['v6', 'at [fe80::1]:22'], ['kvm-1', 'at [10.0.0.1]:22'], 'at [<host>]:22'],
  [
    'their fingerprints',
    ['kvm-1', `key ${fingerprint('a')}`],
    ['kvm-10', `key ${fingerprint('b')}`],
    'key SHA256:…',
  ],
  ['the address of another one', ['kvm-1', 'at 10.0.0.9'], ['kvm-10', 'at 10.0.0.8'], null],
  [
    'a name that is a part of another',
    ['kvm-1', 'kvm-1.example.org'],
    ['kvm-10', 'kvm-10.example.org'],
    null,
  ],
  ['a name that is a word', ['host', 'the host is down'], ['kvm-1', 'the host is down'], 'the host is down'],
];

for (const [title, [host, message], [other, otherMessage], shown] of cases) {
  test(`${shown === null ? 'two causes' : 'one cause'}: texts that differ in ${title}`, t => {
    const causes = gatherCauses(aliases);
    const first = causes.add(host, 'failed', failure(message));
    t.is(first.failure.message, message, 'one host alone has its own text');
    const second = causes.add(other, 'failed', failure(otherMessage));
    t.is(causes.all().length, shown === null ? 2 : 1);
    t.is(first === second, shown !== null);
    t.is(second.failure.message, shown ?? otherMessage);
  });
}

test('command, stderr and hint are compared and shown the same way', t => {
  const causes = gatherCauses(aliases);
  for (const [host, address] of [
    ['kvm-1', '10.0.0.1'],
    ['kvm-10', '10.0.0.10'],
  ] as const) {
    const more = { command: `ping ${address}`, stderr: `${address}: no`, hint: `look at ${host}` };
    causes.add(host, 'failed', failure('no', more));
  }
  t.like(causes.all()[0]?.failure, {
    command: 'ping <host>',
    stderr: '<host>: no',
    hint: 'look at <host>',
  });
});

test('the same text with another outcome is another cause', t => {
  const causes = gatherCauses(aliases);
  causes.add('kvm-1', 'failed', failure('no'));
  causes.add('kvm-10', 'unreachable', failure('no'));
  t.deepEqual(
    causes.all().map(({ outcome, hosts }) => [outcome, hosts]),
    [
      ['failed', ['kvm-1']],
      ['unreachable', ['kvm-10']],
    ],
  );
});

test('without folding every text stands for itself', t => {
  const causes = gatherCauses(aliases, false);
  causes.add('kvm-1', 'failed', failure('no kvm-1'));
  causes.add('kvm-10', 'failed', failure('no kvm-10'));
  t.is(causes.all().length, 2);
});
