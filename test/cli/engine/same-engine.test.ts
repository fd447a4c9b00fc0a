import test from 'ava';
import { sameProperties } from '../../../src/cli/engine/same-engine.ts';
import { parsePlaybook } from '../../../src/playbook/playbook.ts';

/** The problems of two plays with these properties, as `line: message`. */
function clashes(a: string, b: string, hosts: readonly [string, string] = ['engine', 'engine']): string[] {
  const text = [a, b].map(properties => `- hosts: x\n  engine_properties: ${properties}\n`).join('');
  const [earlier, later] = parsePlaybook(text, 'site.yml').plays.map((play, i) => ({
    play,
    hosts: [{ name: hosts[i] ?? '' }],
  }));
  return earlier && later
    ? sameProperties(earlier, later).map(({ place, message }) => `${place?.line}: ${message}`)
    : [];
}

const told = (property: string) => [
  `4: the property ${property} is wanted otherwise in line 2, and both plays are for engine`,
];

test('two plays that want different things of one property of one engine are refused, not carried out in turns', t => {
  t.deepEqual(clashes('{ vm: { a: x } }', '{ vm: { a: y, b: z } }'), told('vm a'));
  t.deepEqual(clashes('{ vm: { a: x } }', '{ vm: { a: { state: absent } } }'), told('vm a'));
  t.deepEqual(
    clashes('{ device: { disk: { a: x } } }', '{ device: { disk: { a: y } } }'),
    told('device disk a'),
  );
  t.deepEqual(
    clashes('{ cluster_levels: [4.7, 4.8], vm: { a: x } }', '{ cluster_levels: [4.8], vm: { a: y } }'),
    told('vm a'),
  );
});

test('two plays that agree, or speak of other properties, levels or engines, are fine', t => {
  t.deepEqual(clashes('{ vm: { a: x } }', '{ vm: { a: x, b: y } }'), []);
  t.deepEqual(clashes('{ vm: { a: x } }', '{ network: { a: y } }'), []);
  t.deepEqual(clashes('{ device: { disk: { a: x } } }', '{ device: { interface: { a: y } } }'), []);
  t.deepEqual(
    clashes('{ cluster_levels: [4.7], vm: { a: x } }', '{ cluster_levels: [4.8], vm: { a: y } }'),
    [],
  );
  t.deepEqual(clashes('{ vm: { a: x } }', '{ vm: { a: y } }', ['engine-1', 'engine-2']), []);
});
