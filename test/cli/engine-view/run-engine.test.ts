import test from 'ava';
import { engineOfRun } from '../../../src/cli/engine-view/run-engine.ts';
import { HostError } from '../../../src/core/failure.ts';
import { InputError } from '../../../src/core/input-error.ts';
import { Secret } from '../../../src/core/secret.ts';
import { parseInventory } from '../../../src/inventory/parse.ts';

const inventoryOf = (text: string) => parseInventory([{ file: 'hosts.ini', text }]);
const ONE = inventoryOf('[engine]\nengine-01 engine_url=https://engine.example.org\n');
const TWO = inventoryOf(
  '[engine]\ne1 engine_url=https://a.example.org\ne2 engine_url=https://b.example.org\n',
);
const LOGIN = { inventory: [], engineUser: 'admin@internal', enginePassword: new Secret('x') };
const place = { file: 'site.yml', line: 4, column: 3 };

function playWith(skips: boolean) {
  return {
    name: 'hooks',
    hosts: [],
    become: true,
    serial: [],
    budget: { maxFailPercentage: 0, maxFailed: null },
    pauseMs: 0,
    confirm: false,
    resourcesOf: () => [],
    ...(skips ? { skipStates: { states: ['maintenance'], place } } : {}),
  };
}

test('without access no engine is asked, and a play that needs it is an input error that names what is missing', async t => {
  t.is(await engineOfRun([playWith(false)], ONE, { inventory: [] }, () => t.fail()), undefined);
  const error = await t.throwsAsync(
    engineOfRun([playWith(true)], ONE, { inventory: [] }, () => t.fail()),
    {
      instanceOf: InputError,
    },
  );
  t.regex(error?.message ?? '', /^site\.yml:4:3: skip_states needs access.*\n.*--engine-url.*--engine-user/);
});

test('of several engines none is asked unless a play needs it: then it must be said which', async t => {
  const notes: string[] = [];
  t.is(await engineOfRun([playWith(false)], TWO, LOGIN, note => notes.push(note)), undefined);
  t.regex(notes.join(), /^no engine is asked through its API: the inventory has 2 engines/);
  await t.throwsAsync(
    engineOfRun([playWith(true)], TWO, LOGIN, () => t.fail()),
    { instanceOf: InputError },
  );
  const chosen = { ...LOGIN, engineUrl: 'https://b.example.org' };
  t.is((await engineOfRun([playWith(true)], TWO, chosen, () => t.fail()))?.host, 'e2');
});

test('nothing is contacted before the first question, and an API that was not asked is closed at once', async t => {
  const engine = await engineOfRun([playWith(true)], ONE, LOGIN, () => t.fail());
  t.is(engine?.host, 'engine-01');
  const api = engine?.open(
    () => Promise.reject(new Error('not to be reached')),
    new AbortController().signal,
  );
  t.is(api?.url, 'https://engine.example.org');
  await api?.close();
});

test('input that proves wrong only when hosts are worked on is trouble, and no end of the run', async t => {
  const inventory = inventoryOf(
    '[engine]\ne1 engine_url=https://a.example.org ansible_ssh_private_key_file=/nonexistent/key\n',
  );
  const engine = await engineOfRun([playWith(true)], inventory, LOGIN, () => t.fail());
  const api = engine?.open(
    () => Promise.reject(new Error('not to be reached')),
    new AbortController().signal,
  );
  const error = await t.throwsAsync(async () => api?.get('/hosts'), { instanceOf: HostError });
  t.is(error?.failure.kind, 'engine-unreachable');
  t.regex(error?.message ?? '', /engine's API cannot be used: .*no such private key file/);
  await api?.close();
});
