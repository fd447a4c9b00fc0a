import test from 'ava';
import { readSshArgs } from '../../src/inventory/ssh-args.ts';

const heeded: readonly (readonly [string, object])[] = [
  ['', {}],
  ['-J bastion', { jump: 'bastion' }],
  ['-Jann@bastion:2222,b', { jump: 'ann@bastion:2222,b' }],
  ['-o ProxyJump=bastion', { jump: 'bastion' }],
  ['-oProxyJump=bastion', { jump: 'bastion' }],
  ['-o "ProxyJump bastion"', { jump: 'bastion' }],
  ["-oProxyJump' 'bastion", { jump: 'bastion' }],
  ['-o proxyjump=none', { jump: 'none' }],
  ['-J [2001:db8::1]:22', { jump: '[2001:db8::1]:22' }],
  ['-J first -J second', { jump: 'first' }],
  ['-o StrictHostKeyChecking=accept-new', { hostKeyChecking: 'accept-new' }],
  ['-o StrictHostKeyChecking=yes', { hostKeyChecking: 'strict' }],
  ['-o StrictHostKeyChecking=TRUE', { hostKeyChecking: 'strict' }],
  ['-o StrictHostKeyChecking=ask', { hostKeyChecking: 'strict' }],
  ['-o UserKnownHostsFile=~/.ssh/fleet', { knownHostsFiles: ['~/.ssh/fleet'] }],
  ['-o "UserKnownHostsFile=/a /b"', { knownHostsFiles: ['/a', '/b'] }],
  ['-o IdentitiesOnly=yes -i ~/.ssh/k', { identitiesOnly: true, privateKeyFile: '~/.ssh/k' }],
  ['-o IdentitiesOnly=true', { identitiesOnly: true }],
  ['-o IdentitiesOnly=No', { identitiesOnly: false }],
  ['-o IdentityFile=/k -o Port=2222 -o User=ops', { privateKeyFile: '/k', port: 2222, user: 'ops' }],
  ['-qCp 2222 -lops', { port: 2222, user: 'ops' }],
  ['-o ConnectTimeout=20', { connectTimeoutSeconds: 20 }],
  ['-C -o ControlMaster=auto -o ControlPersist=60s -o ServerAliveInterval=15 -o ProxyCommand=none', {}],
];

for (const [text, args] of heeded) {
  test(`arguments for ssh are heeded: ${text}`, t => {
    t.deepEqual(readSshArgs(text), { args, faults: [], warnings: [] });
  });
}

const warned: readonly (readonly [string, string, RegExp])[] = [
  ['-o StrictHostKeyChecking=false', '-o StrictHostKeyChecking=false is not heeded', /accept-new/],
  ['-o StrictHostKeyChecking=no', '-o StrictHostKeyChecking=no is not heeded', /accept-new/],
  ['-oUserKnownHostsFile=/dev/null', '-o UserKnownHostsFile=/dev/null is not heeded', /always checked/],
  [
    '-o HostKeyAlgorithms=+ssh-rsa',
    '-o HostKeyAlgorithms=+ssh-rsa is not heeded',
    /hookfleet_ssh_algorithms=legacy/,
  ],
  ['-o BindAddress=192.0.2.1', '-o BindAddress=192.0.2.1 is not heeded', /ssh\/config/],
  ['-4', '-4 is not heeded', /ssh\/config/],
  ['-c aes128-ctr', '-c aes128-ctr is not heeded', /ssh\/config/],
  ['extra', 'extra is not heeded', /ssh\/config/],
];

for (const [text, message, hint] of warned) {
  test(`what is passed over is named: ${text}`, t => {
    const { args, faults, warnings } = readSshArgs(`-J bastion ${text}`);
    t.deepEqual([args, faults], [{ jump: 'bastion' }, []]);
    t.deepEqual(
      warnings.map(warning => warning.message),
      [message],
    );
    t.regex(warnings[0]?.hint ?? '', hint);
  });
}

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['-J "a b"', '-J a b cannot be used', /\[user@\]host/],
  ['-J', '-J has no value', /^$/],
  ['-o', '-o has no value', /^$/],
  ['-o ProxyJump', '-o ProxyJump is no setting', /Keyword=value/],
  ['-o Port=ssh', '-o Port=ssh cannot be used', /1 to 65535/],
  [
    '-o StrictHostKeyChecking=acceptnew',
    '-o StrictHostKeyChecking=acceptnew cannot be used',
    /yes or accept-new/,
  ],
  ['-o IdentitiesOnly=maybe', '-o IdentitiesOnly=maybe cannot be used', /yes or no/],
  ['-o ConnectTimeout=soon', '-o ConnectTimeout=soon cannot be used', /seconds/],
  ['-o "ProxyCommand=ssh -W %h:%p gate"', '-o ProxyCommand=ssh -W %h:%p gate cannot be used', /ProxyJump=/],
  ['-o "ProxyJump=x', 'the " is not closed', /^$/],
];

for (const [text, message, hint] of refused) {
  test(`what cannot be used is a fault: ${text}`, t => {
    const { faults } = readSshArgs(text);
    t.deepEqual(
      faults.map(fault => fault.message),
      [message],
    );
    t.regex(faults[0]?.hint ?? '', hint);
  });
}
