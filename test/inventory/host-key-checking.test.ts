import test from 'ava';
import { parseInventory } from '../../src/inventory/parse.ts';
import { toHost } from './to-host.ts';

const DEFAULTS = { homeFolder: '/home/me', workingFolder: '/work' };

function checking(line: string, commandLine: 'strict' | 'accept-new' | undefined = undefined) {
  const inventory = parseInventory([{ file: 'hosts', text: `kvm-01 ${line}\n` }]);
  const defaults = commandLine === undefined ? DEFAULTS : { ...DEFAULTS, hostKeyChecking: commandLine };
  return toHost(inventory, 'kvm-01', defaults).hostKeyChecking;
}

for (const [line, expected] of [
  ['', undefined],
  ['ansible_host_key_checking=true', 'strict'],
  ['ansible_ssh_host_key_checking=yes', 'strict'],
  ['hookfleet_host_key_checking=strict', 'strict'],
  ['hookfleet_host_key_checking=accept-new', 'accept-new'],
  ['ansible_host_key_checking=true hookfleet_host_key_checking=accept-new', 'accept-new'],
] as const) {
  test(`"${line}" makes the checking of host keys ${expected ?? 'what ssh_config or the default says'}`, t => {
    t.is(checking(line), expected);
  });
}

test('the command line is weaker than the inventory', t => {
  t.is(checking('', 'accept-new'), 'accept-new');
  t.is(checking('ansible_host_key_checking=true', 'accept-new'), 'strict');
});

for (const word of ['false', 'no', 'off', 'accept']) {
  test(`a host that wants its key checking ${word} is bad input, and accept-new is named`, t => {
    for (const variable of ['ansible_host_key_checking', 'hookfleet_host_key_checking']) {
      t.throws(() => checking(`${variable}=${word}`), {
        message: /^hosts:1(:\d+)?: \w+_host_key_checking=.*hookfleet_host_key_checking=accept-new/s,
      });
    }
  });
}
