import { inspect } from 'node:util';
import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { parseInventory } from '../../src/inventory/parse.ts';
import { isPasswordVariable } from '../../src/inventory/passwords.ts';
import { toHost } from './to-host.ts';

const defaults = { homeFolder: '/home/me', workingFolder: '/work' };

function host(line: string, more = '') {
  const inventory = parseInventory([{ file: 'hosts', text: `[kvm]\nkvm-01 ${line}\n${more}` }]);
  return { host: toHost(inventory, 'kvm-01', defaults), warnings: inventory.warnings };
}

for (const [line, login, become] of [
  ['ansible_password=a', 'a', undefined],
  ['ansible_ssh_pass=a', 'a', undefined],
  ['ansible_ssh_password=a', 'a', undefined],
  ['ansible_ssh_password=c ansible_password=a ansible_ssh_pass=b', 'c', undefined],
  ['ansible_become_password=a', undefined, 'a'],
  ['ansible_become_pass=a', undefined, 'a'],
  ['ansible_sudo_pass=c ansible_become_pass=b ansible_become_password=a', undefined, 'c'],
  ['ansible_password=a ansible_become_password=b', 'a', 'b'],
  [`ansible_password='with " and # and blanks'`, 'with " and # and blanks', undefined],
  ['ansible_password=0123', '0123', undefined],
] as const) {
  test(`the later spelling wins, as in Ansible: ${line}`, t => {
    const { host: read, warnings } = host(line);
    t.deepEqual([read.password?.reveal(), read.becomePassword?.reveal()], [login, become]);
    t.deepEqual(warnings, []);
  });
}

test("a group's password holds for its hosts, and shows itself nowhere", t => {
  const { host: read } = host('', '[kvm:vars]\nansible_password=hunter2\nansible_become_pass=hunter3\n');
  t.is(read.password?.reveal(), 'hunter2');
  t.is(read.becomePassword?.reveal(), 'hunter3');
  t.notRegex(`${inspect(read)} ${JSON.stringify(read)}`, /hunter/);
});

for (const [line, message] of [
  [`ansible_password="{{ vault_hunter }}"`, /^hosts:2: ansible_password holds a template\n {2}.*--ask-pass/],
  ['ansible_become_pass=', /^hosts:2: ansible_become_pass is empty\n/],
] as const) {
  test(`a password that cannot be one is an error without its text: ${line}`, t => {
    const error = t.throws(() => host(line), { instanceOf: InputError });
    t.regex(error?.message ?? '', message);
    t.notRegex(error?.message ?? '', /hunter/);
  });
}

test('a password of several lines is an error: what takes it reads one line', t => {
  const variables = String.raw`ansible_password="hunter\n2"`;
  const error = t.throws(() => host('', `[kvm:vars]\n${variables}\n`), { instanceOf: InputError });
  t.regex(error?.message ?? '', /^hosts:4: ansible_password holds a line break\n/);
  t.notRegex(error?.message ?? '', /hunter/);
});

test('passwords are told from other variables by their names', t => {
  t.true(isPasswordVariable('ansible_ssh_pass'));
  t.true(isPasswordVariable('ansible_sudo_pass'));
  t.false(isPasswordVariable('ansible_user'));
});
