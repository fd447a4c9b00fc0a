import { homedir, userInfo } from 'node:os';
import test from 'ava';
import { localDefaults } from '../../src/inventory/local-defaults.ts';

test('without options the one who runs hookfleet logs in', t => {
  t.deepEqual(localDefaults({}), {
    user: userInfo().username,
    homeFolder: homedir(),
    workingFolder: process.cwd(),
  });
});

test('the command line names the login user and the key', t => {
  t.like(localDefaults({ user: 'ops', privateKey: 'keys/a' }), { user: 'ops', privateKeyFile: 'keys/a' });
});
