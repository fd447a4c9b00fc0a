import test from 'ava';
import { endpointsOf } from '../../../src/cli/trust/trust-endpoints.ts';
import { plainTarget, type Target } from '../../../src/remote/target.ts';

function target(name: string, address: string, jumps: readonly Target[] = [], port = 22): Target {
  return { ...plainTarget({ name, address, port }), jumps };
}

function hop(address: string, jumps: readonly Target[] = []): Target {
  return { ...target(address, address, jumps), role: 'jump' };
}

const shown = (targets: readonly Target[]) =>
  endpointsOf(targets).map(level =>
    level.map(({ target: { address, port }, hosts, via }) =>
      [`${address}:${port}`, hosts.join('+'), ...(via ? [`via ${via.target.address}`] : [])].join(' '),
    ),
  );

test('hosts at one address and port are one server', t => {
  t.deepEqual(shown([target('a', 'H1'), target('b', 'h1'), target('c', 'h1', [], 2222)]), [
    ['H1:22 a+b', 'h1:2222 c'],
  ]);
});

test('jump hosts come before what is behind them, each once', t => {
  const outer = hop('outer');
  const inner = hop('inner', [outer]);
  t.deepEqual(shown([target('a', 'a', [outer, inner]), target('b', 'b', [outer, inner]), target('c', 'c')]), [
    ['outer:22 ', 'c:22 c'],
    ['inner:22  via outer'],
    ['a:22 a via inner', 'b:22 b via inner'],
  ]);
});

test('a jump host that is a host of the inventory too is asked once', t => {
  const gate = hop('gate');
  t.deepEqual(shown([target('a', 'a', [gate]), target('gate-01', 'gate')]), [
    ['gate:22 gate-01'],
    ['a:22 a via gate'],
  ]);
});

test('one address behind two jump hosts is two servers', t => {
  t.is(
    endpointsOf([target('a', '10.0.0.1', [hop('g1')]), target('b', '10.0.0.1', [hop('g2')])])[1]?.length,
    2,
  );
});
