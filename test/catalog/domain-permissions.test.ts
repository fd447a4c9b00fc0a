import test from 'ava';
import { DENIED_PERMISSIONS, STOPPING_COMMANDS } from '../../src/catalog/domain-permissions.ts';

test('what stops a domain or can be used to is denied, and nothing that looks on or starts it', t => {
  t.deepEqual(DENIED_PERMISSIONS, [
    'core-dump',
    'delete',
    'fs-freeze',
    'hibernate',
    'init-control',
    'inject-nmi',
    'migrate',
    'pm-control',
    'reset',
    'save',
    'send-input',
    'send-signal',
    'snapshot',
    'stop',
    'suspend',
    'write',
  ]);
});

test('each command asks for something that is denied, so that none goes through', t => {
  t.deepEqual(
    STOPPING_COMMANDS.filter(
      ({ permissions }) => !permissions.some(permission => DENIED_PERMISSIONS.includes(permission)),
    ),
    [],
  );
});
