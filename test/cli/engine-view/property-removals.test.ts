import test from 'ava';
import { removalsIn, usersOf } from '../../../src/cli/engine-view/property-removals.ts';
import type { PropertyUser } from '../../../src/engine/client/property-users.ts';

const set = (id: string, before: string | null, after: string | null) => ({
  resource: 'engine-properties',
  id,
  action: 'set',
  before,
  after,
});
const SECURITY = '{type=interface;prop={SecurityGroups=^x$}}';

test('a definition that is there before and not after goes, at that level alone', t => {
  t.deepEqual(
    removalsIn([
      set('UserDefinedVMProperties 4.7', 'a=^x$;b=^y$;c=^z$', 'a=^other$;c=^z$;d=^n$'),
      set('UserDefinedVMProperties 4.8', 'a=^x$', 'a=^x$;b=^y$'),
    ]),
    [{ of: 'vm', level: '4.7', name: 'b' }],
  );
});

test('of devices those of interfaces count, which vNIC profiles have', t => {
  const before = '{type=disk;prop={d=^x$}};{type=interface;prop={SecurityGroups=^x$;port=^[0-9]+$}}';
  t.deepEqual(removalsIn([set('CustomDeviceProperties 4.7', before, SECURITY)]), [
    { of: 'profile', level: '4.7', name: 'port' },
  ]);
});

test('what the engine predefines stays a property, so nothing loses it', t => {
  t.deepEqual(removalsIn([set('UserDefinedVMProperties 4.7', 'sap_agent=^true$', '')]), []);
});

test('restarts, network properties and other resources take nothing away', t => {
  t.deepEqual(
    removalsIn([
      { ...set('ovirt-engine', 'a=^x$', ''), action: 'restart' },
      { ...set('UserDefinedVMProperties 4.7', 'a=^x$', ''), resource: 'package' },
      set('UserDefinedNetworkCustomProperties 4.7', 'a=^x$', 'b=^x$'),
    ]),
    [],
  );
});

test('a value that cannot be read takes nothing away: it is never written', t => {
  t.deepEqual(removalsIn([set('UserDefinedVMProperties 4.7', ';;', 'a=^x$')]), []);
});

test('users are those of that name at that level, or at a level that is not known', t => {
  const user = (name: string, level: string | undefined): PropertyUser => ({
    kind: 'VM',
    name,
    level,
    properties: new Set(['a']),
  });
  const users = [user('here', '4.7'), user('elsewhere', '4.8'), user('unknown', undefined)];
  t.deepEqual(
    usersOf({ level: '4.7', name: 'a' }, users).map(({ name }) => name),
    ['here', 'unknown'],
  );
  t.deepEqual(usersOf({ level: '4.7', name: 'b' }, users), []);
});
