import test from 'ava';
import { trustLine } from '../../../src/cli/trust/trust-line.ts';
import { parseInventory } from '../../../src/inventory/parse.ts';

const INVENTORY = parseInventory([
  { file: 'hosts', text: 'lone\n[hv]\nhv-1\nhv-2\nhv-3\n[some:children]\nhv\n[engine]\nengine-1\n' },
]);

for (const [names, line] of [
  [['hv-2'], 'hookfleet trust hv-2 -i hosts.ini'],
  [['hv-1', 'hv-3'], 'hookfleet trust hv-1,hv-3 -i hosts.ini'],
  [['hv-3', 'hv-1', 'hv-2'], 'hookfleet trust hv -i hosts.ini'],
  [['engine-1'], 'hookfleet trust engine-1 -i hosts.ini'],
  [['hv-1', 'hv-2', 'hv-3', 'engine-1', 'lone'], 'hookfleet trust -i hosts.ini'],
] as const) {
  test(`for ${names.join(', ')} the command is: ${line}`, t => {
    t.is(trustLine(INVENTORY, names, { inventory: ['hosts.ini'] }), line);
  });
}

test('what says how to reach the hosts is repeated, quoted for the shell, and nothing else', t => {
  const options = {
    inventory: ['my hosts', 'b'],
    user: 'ops',
    privateKey: '~/key',
    knownHosts: 'known',
    become: true,
    forks: 5,
    limit: 'hv-1',
  };
  t.is(
    trustLine(INVENTORY, ['hv-1'], options),
    "hookfleet trust hv-1 -i 'my hosts' -i b -u ops --private-key '~/key' --known-hosts known",
  );
});
