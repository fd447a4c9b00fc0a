import test from 'ava';
import type { Change } from '../../src/core/change.ts';
import { run } from '../../src/run/run.ts';
import { notShown, shownBy } from '../../src/run/shown.ts';
import { fakeFleet, REQUEST } from './fake-fleet.ts';

const change = (resource: string, id: string, action: string): Change => ({
  resource,
  id,
  action,
  before: null,
  after: null,
});

const preview = (...changes: Change[]) => ({
  command: 'apply',
  hosts: new Map([['a', { outcome: 'drifted' as const, changes, error: null, notes: [], ms: 1 }]]),
  stopped: null,
  interrupted: false,
});

test('a change is known again by its kind, its hook or package, and what is done', t => {
  const shown = shownBy(
    preview(change('vdsm-hook', 'diskunmap /usr/libexec/a', 'mode'), change('package', 'vhostmd', 'install')),
  );
  const unseen = [
    change('vdsm-hook', 'extnet /usr/libexec/a', 'mode'),
    change('vdsm-hook', 'diskunmap', 'downgrade'),
    change('service', 'vhostmd', 'install'),
    change('package', 'vhostmd', 'remove'),
  ];
  const seen = [
    change('vdsm-hook', 'diskunmap /usr/libexec/another', 'mode'),
    change('package', 'vhostmd', 'install'),
  ];
  t.deepEqual(notShown([...seen, ...unseen], shown), unseen);
});

test('what a killed run has left is taken away unasked', t => {
  t.deepEqual(notShown([change('unfinished-file', '/etc/x', 'remove')], new Set()), []);
});

test('what was shown on one host may be done on another; the state that it is found in does not count', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'bad' }, b: { state: 'good' } });
  const seen = await run({ ...REQUEST, apply: false, plays: [play()] }, ports);
  const other = fakeFleet({ a: { state: 'good' }, b: { state: 'worse' } });
  const result = await run({ ...REQUEST, plays: [play()], shown: shownBy(seen) }, other.ports);
  t.is(result.hosts.get('a')?.outcome, 'ok');
  t.is(result.hosts.get('b')?.outcome, 'changed');
});

test('what was not shown is not done: the host is left alone, and that counts against the budget', async t => {
  const { ports, play, execs } = fakeFleet({ a: { state: 'bad' }, b: { state: 'bad' } });
  const plays = [play({ serial: [{ hosts: 1 }] })];
  const result = await run({ ...REQUEST, plays, shown: new Set<string>() }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', changes: [], error: { kind: 'not-shown' } });
  t.regex(result.hosts.get('a')?.error?.message ?? '', /word word: set/);
  t.is(result.hosts.get('b')?.outcome, 'skipped');
  t.deepEqual(execs, ['a probe']);
});

test('a plan that is made anew on the host is compared as well', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'bad', alwaysStale: true } });
  const once = new Set(['word word: set']);
  const result = await run({ ...REQUEST, plays: [play()], shown: once }, ports);
  t.is(result.hosts.get('a')?.error?.kind, 'busy', 'it was shown, so every plan is tried');
});
