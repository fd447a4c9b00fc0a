import { homedir } from 'node:os';
import test from 'ava';
import { localDefaults } from '../../src/inventory/local-defaults.ts';

test('without options the login user and the key are left open', t => {
  t.deepEqual(localDefaults({}), {
    homeFolder: homedir(),
    workingFolder: process.cwd(),
  });
});

test('the command line names the login user and the key', t => {
  t.like(localDefaults({ user: 'ops', privateKey: 'keys/a' }), { user: 'ops', privateKeyFile: 'keys/a' });
});
