import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { toHosts } from '../../src/inventory/connection.ts';
import { parseInventory } from '../../src/inventory/parse.ts';
import { toHost } from './to-host.ts';

const defaults = { homeFolder: '/home/me', workingFolder: '/work' };

const parse = (text: string) => parseInventory([{ file: 'hosts', text }]);
const host = (line: string) => toHost(parse(`kvm-01 ${line}\n`), 'kvm-01', defaults);

function messages(act: () => unknown): string[] {
  try {
    act();
    return [];
  } catch (error) {
    return error instanceof InputError ? error.message.split('\n') : [String(error)];
  }
}

test('a host without variables is reached by its name, on port 22, as the user who runs hookfleet', t => {
  t.deepEqual(host(''), { name: 'kvm-01', address: 'kvm-01' });
});

test('the inventory says how a host is reached', t => {
  t.deepEqual(
    host(
      'ansible_host=2001:db8::1 ansible_port=2222 ansible_user=root ansible_become=no ansible_private_key_file=/k',
    ),
    {
      name: 'kvm-01',
      address: '2001:db8::1',
      port: 2222,
      user: 'root',
      privateKeyFile: '/k',
      become: false,
    },
  );
});

test('the old spellings count, and win over the new ones, as in Ansible', t => {
  t.like(
    host(
      'ansible_ssh_host=b ansible_host=a ansible_ssh_port=2 ansible_port=1 ansible_ssh_user=v ansible_user=u',
    ),
    {
      address: 'b',
      port: 2,
      user: 'v',
    },
  );
});

test('the command line is weaker than the inventory', t => {
  const inventory = parse('a\nb ansible_user=root ansible_ssh_private_key_file=k2\n');
  const commandLine = { ...defaults, user: 'ops', privateKeyFile: 'k1' };
  t.like(toHost(inventory, 'a', commandLine), { user: 'ops', privateKeyFile: '/work/k1' });
  t.like(toHost(inventory, 'b', commandLine), { user: 'root', privateKeyFile: '/work/k2' });
});

test('a key file is relative to the working folder, and ~ is the home folder', t => {
  t.is(host('ansible_ssh_private_key_file=keys/a').privateKeyFile, '/work/keys/a');
  t.is(host('ansible_ssh_private_key_file=~/.ssh/a').privateKeyFile, '/home/me/.ssh/a');
  t.is(host('ansible_ssh_private_key_file=/a').privateKeyFile, '/a');
});

test("become takes Ansible's words for true and false, in any case", t => {
  for (const word of ['y', 'Yes', 'on', '1', 'TRUE', 't']) {
    t.true(host(`ansible_become=${word}`).become, word);
  }
  for (const word of ['n', 'No', 'off', '0', 'False', 'f']) {
    t.false(host(`ansible_become=${word}`).become, word);
  }
});

test('arguments for ssh say how a host is reached, where no variable of its own does', t => {
  t.deepEqual(
    host(
      'ansible_ssh_common_args="-o ProxyJump=ann@gate -o User=bea -o Port=2222 -i ~/k -o IdentitiesOnly=yes -o UserKnownHostsFile=known -o StrictHostKeyChecking=accept-new" ansible_ssh_extra_args="-J late" ansible_port=22',
    ),
    {
      name: 'kvm-01',
      address: 'kvm-01',
      port: 22,
      user: 'bea',
      privateKeyFile: '/home/me/k',
      identitiesOnly: true,
      jump: 'ann@gate',
      hostKeyChecking: 'accept-new',
      knownHostsFiles: ['/work/known'],
    },
  );
});

test('jump hosts, algorithms and time limits of the command line hold where the inventory has none', t => {
  const inventory = parse(
    'a\nb ansible_ssh_common_args="-J none" hookfleet_ssh_algorithms=modern ansible_timeout=30\n',
  );
  const commandLine = {
    ...defaults,
    jump: 'gate',
    sshAlgorithms: 'legacy',
    connectTimeoutSeconds: 5,
  } as const;
  t.like(toHost(inventory, 'a', commandLine), {
    jump: 'gate',
    sshAlgorithms: 'legacy',
    connectTimeoutSeconds: 5,
  });
  t.like(toHost(inventory, 'b', commandLine), {
    jump: 'none',
    sshAlgorithms: 'modern',
    connectTimeoutSeconds: 30,
  });
});

test('ssh and sudo to root are what is supported, whether written out or not', t => {
  t.is(host('ansible_connection=smart ansible_become_method=sudo ansible_become_user=root').name, 'kvm-01');
});

test('a host can be the control machine itself, without SSH', t => {
  t.is(host('ansible_connection=local').connection, 'local');
  t.is(host('ansible_connection=ansible.builtin.local').connection, 'local');
  t.false('connection' in host('ansible_connection=ssh'));
});

test('what is encrypted is never taken for a value: it must be opened first', t => {
  const text =
    'web:\n  hosts:\n    w1:\n      ansible_password: !vault x\n      ansible_port: !vault y\n      other: !vault z\n';
  const inventory = parseInventory([{ file: 'hosts.yml', text }]);
  t.deepEqual(
    messages(() => toHost(inventory, 'w1', defaults)),
    [
      'hosts.yml:5:7: ansible_port is encrypted with ansible-vault',
      '  Say how to open it: --vault-password-file FILE, --vault-id LABEL@FILE or --ask-vault-pass',
      'hosts.yml:4:7: ansible_password is encrypted with ansible-vault',
      '  Say how to open it: --vault-password-file FILE, --vault-id LABEL@FILE or --ask-vault-pass',
    ],
  );
});

const refused: readonly (readonly [string, string])[] = [
  ['ansible_port=99999', 'hosts:1: ansible_port=99999: not a port'],
  ['ansible_port=ssh', 'hosts:1: ansible_port=ssh: not a port'],
  ['ansible_become=perhaps', 'hosts:1: ansible_become=perhaps: neither true nor false'],
  ['ansible_host=', 'hosts:1: ansible_host=: not an address'],
  ['ansible_host="a b"', 'hosts:1: ansible_host=a b: not an address'],
  ['ansible_host=192.0.2.1:22', 'hosts:1: ansible_host=192.0.2.1:22: not an address'],
  ['ansible_host=[2001:db8::1]', 'hosts:1: ansible_host=[2001:db8::1]: not an address'],
  ['ansible_host="{{ x }}.org"', 'hosts:1: ansible_host holds a template: {{ x }}.org'],
  ['ansible_user=', 'hosts:1: ansible_user=: not a user name'],
  ['ansible_ssh_private_key_file=', 'hosts:1: ansible_ssh_private_key_file=: not a file name'],
  ['ansible_connection=winrm', 'hosts:1: ansible_connection=winrm: not supported'],
  ['ansible_become_user=vdsm', 'hosts:1: ansible_become_user=vdsm: not supported'],
  ['ansible_ssh_common_args="-J a,,b"', 'hosts:1: ansible_ssh_common_args: -J a,,b cannot be used'],
  ['ansible_ssh_args="-J {{ gate }}"', 'hosts:1: ansible_ssh_args: it holds a template: -J {{ gate }}'],
  ['hookfleet_ssh_algorithms=old', 'hosts:1: hookfleet_ssh_algorithms=old: neither modern nor legacy'],
  ['ansible_timeout=0', 'hosts:1: ansible_timeout=0: not a time'],
  ['ansible_become_method=su', 'hosts:1: ansible_become_method=su: not supported'],
];

for (const [line, message] of refused) {
  test(`a value that cannot be used is an input error at its place: ${line}`, t => {
    const [first, hint] = messages(() => host(line));
    t.is(first, message);
    t.regex(hint ?? '', /^ {2}\S/);
  });
}

test('a bad variable of a group is told once, and every bad one is told', t => {
  const inventory = parse('[kvm]\nk1 ansible_port=0\nk2\nk3\n[kvm:vars]\nansible_become=perhaps\n');
  const told = messages(() => toHosts(inventory, ['k1', 'k2', 'k3'], defaults)).filter(
    line => !line.startsWith(' '),
  );
  t.deepEqual(told.sort(), [
    'hosts:2: ansible_port=0: not a port',
    'hosts:6: ansible_become=perhaps: neither true nor false',
  ]);
});

test('hosts come out in the order asked for', t => {
  const hosts = toHosts(parse('a\nb\nc\n'), ['c', 'a'], defaults);
  t.deepEqual(
    hosts.map(({ name }) => name),
    ['c', 'a'],
  );
});

test('a host that is not in the inventory is an input error with the nearest name', t => {
  t.deepEqual(
    messages(() => toHost(parse('kvm-01'), 'kvm-02', defaults)),
    ['Host "kvm-02" is not in the inventory', '  Did you mean "kvm-01"?'],
  );
});
