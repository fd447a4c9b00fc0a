import test from 'ava';
import { parseInventory } from '../../src/inventory/parse.ts';

const warnings = (line: string) =>
  parseInventory([{ file: 'hosts', text: `h ${line}\n` }]).warnings.map(
    ({ message, hint }) => `${message} ${hint}`,
  );

test('a near miss of a known variable is a warning with the right name', t => {
  for (const [written, meant] of [
    ['ansible_hots', 'ansible_host'],
    ['ansibel_user', 'ansible_user'],
    ['ansible-port', 'ansible_port'],
    ['ansible_becone', 'ansible_become'],
    ['ansible_ssh_private_keyfile', 'ansible_ssh_private_key_file'],
  ] as const) {
    t.deepEqual(warnings(`${written}=1`), [
      `The variable ${written} has no meaning to the connection Did you mean ${meant}?`,
    ]);
  }
});

test('what in arguments for ssh is not heeded is a warning that names it', t => {
  t.deepEqual(warnings('ansible_ssh_common_args="-J jump -o StrictHostKeyChecking=no" ansible_ssh_args=-C'), [
    'ansible_ssh_common_args: -o StrictHostKeyChecking=no is not heeded Host keys are always checked; accept-new records the first key that a host shows, and refuses any other',
  ]);
});

test("known variables and a site's own are no warnings", t => {
  t.deepEqual(
    warnings('ansible_host=a ansible_python_interpreter=/usr/bin/python3 rack=r1 host=x ansible_role=y'),
    [],
  );
});

test('a near miss is told once, at its first place', t => {
  const { warnings: told } = parseInventory([
    { file: 'hosts', text: 'a\nb ansible_hots=1\nc ansible_hots=1\n' },
  ]);
  t.deepEqual(
    told.map(({ place }) => place?.line),
    [2],
  );
});
