import test from 'ava';
import { engineOf, hasEngineAccess } from '../../../src/cli/engine/engine-place.ts';
import { InputError } from '../../../src/core/input-error.ts';
import { parseInventory } from '../../../src/inventory/parse.ts';

const inventoryOf = (text: string) => parseInventory([{ file: 'hosts.ini', text }]);
const ONE = inventoryOf('[engine]\nengine.example.org ansible_host=192.0.2.1\n');
const TWO = inventoryOf(
  '[engine]\ne1 engine_url=https://a.example.org\ne2 engine_url=https://b.example.org:8443/ovirt-engine\n',
);
const NONE = inventoryOf('[hypervisors]\nkvm-01\n');

test('the engine is that of --engine-url, else the one of the inventory, else the inventory itself', t => {
  t.deepEqual(engineOf({}, ONE), { url: 'https://engine.example.org', host: 'engine.example.org' });
  t.deepEqual(engineOf({ engine: 'e2' }, TWO), { url: 'https://b.example.org:8443', host: 'e2' });
  t.deepEqual(engineOf({}, TWO, 'e1'), { url: 'https://a.example.org', host: 'e1' });
  t.deepEqual(engineOf({ inventory: ['engine+https://c.example.org/'] }, NONE), {
    url: 'https://c.example.org',
    host: undefined,
  });
});

test('the host of --engine-url is the one that has this name, address or variable, or the only one', t => {
  const hostOf = (engineUrl: string, inventory = TWO) => engineOf({ engineUrl }, inventory).host;
  t.is(hostOf('https://a.example.org'), 'e1');
  t.is(hostOf('https://c.example.org'), undefined);
  t.is(hostOf('https://192.0.2.1', ONE), 'engine.example.org');
  t.is(hostOf('https://alias.example.org', ONE), 'engine.example.org');
  t.is(hostOf('https://a.example.org', NONE), undefined);
  t.is(engineOf({ engineUrl: 'https://a.example.org' }, undefined).host, undefined);
});

test('none, several and an address that is none are input errors', t => {
  const told = (act: () => unknown) => t.throws(act, { instanceOf: InputError })?.message ?? '';
  t.regex(
    told(() => engineOf({}, NONE)),
    /^no engine is named\n {2}Give --engine-url/,
  );
  t.regex(
    told(() => engineOf({}, undefined)),
    /^no engine is named/,
  );
  t.regex(
    told(() => engineOf({}, TWO)),
    /^the inventory has 2 engines: e1, e2\n/,
  );
  const sources = ['engine+https://a.example.org', 'engine+https://b.example.org'];
  t.regex(
    told(() => engineOf({ inventory: sources }, NONE)),
    /^the inventory comes from several engines/,
  );
  const bad = inventoryOf('[engine]\ne1 engine_url=http://a.example.org\n');
  t.regex(
    told(() => engineOf({}, bad)),
    /^hosts\.ini:2: engine_url is no address of an engine/,
  );
});

test('the API is used where a user and an address are named, and only then', t => {
  const engineUser = 'admin@internal';
  t.false(hasEngineAccess({ engineUrl: 'https://a.example.org' }, TWO));
  t.true(hasEngineAccess({ engineUser, engineUrl: 'https://a.example.org' }));
  t.true(hasEngineAccess({ engineUser }, TWO));
  t.false(hasEngineAccess({ engineUser }, ONE));
  t.true(hasEngineAccess({ engineUser, inventory: ['engine+https://a.example.org'] }, NONE));
});
