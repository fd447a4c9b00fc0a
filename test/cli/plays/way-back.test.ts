import test from 'ava';
import { BUILT_IN, makeCatalog } from '../../../src/catalog/hooks.ts';
import { wayBack } from '../../../src/cli/plays/way-back.ts';
import type { Change } from '../../../src/core/change.ts';
import type { HostResult } from '../../../src/core/host-result.ts';
import type { Outcome } from '../../../src/core/outcome.ts';

const options = { inventory: ['my hosts.ini'], become: true, limit: 'a:b', forks: 3 };

const UPGRADE: Change = {
  resource: 'vdsm-hook',
  id: 'diskunmap',
  action: 'upgrade',
  before: 'vdsm-hook-diskunmap-0:4.50.5-1.el9.noarch',
  after: 'vdsm-hook-diskunmap-4.50.6-1.el9.noarch',
};
const INSTALL: Change = { ...UPGRADE, id: 'extnet', action: 'install', before: null };

const host = (outcome: Outcome, ...changes: Change[]): HostResult => ({
  outcome,
  changes,
  error: null,
  notes: [],
  ms: 1,
});

const back = (hosts: Record<string, HostResult>, stopped: string | null = 'why') =>
  wayBack({ command: 'apply', hosts: new Map(Object.entries(hosts)), stopped, interrupted: false }, options);

test('a hook that was upgraded gets its old version back', t => {
  t.deepEqual(back({ a: host('failed', UPGRADE), b: host('skipped') }), [
    "hookfleet install diskunmap@4.50.5-1.el9 -i 'my hosts.ini' --hosts a --no-engine -f 3 -b --allow-downgrade",
  ]);
});

test('a hook that is new goes again', t => {
  t.deepEqual(back({ a: host('failed', INSTALL) }), [
    "hookfleet remove extnet -i 'my hosts.ini' --hosts a -f 3 -b",
  ]);
});

test('hosts that take the same commands share them', t => {
  const commands = back({
    a: host('failed', UPGRADE, INSTALL),
    b: host('unreachable', UPGRADE, INSTALL),
    c: host('failed', { ...UPGRADE, before: 'vdsm-hook-diskunmap-1:4.50.4-1.noarch' }),
  });
  t.deepEqual(
    commands.map(command => command.replace(/ -i 'my hosts\.ini'/, '').replace(/ (--no-engine )?-f.*/, '')),
    [
      'hookfleet install diskunmap@4.50.5-1.el9 --hosts a,b',
      'hookfleet remove extnet --hosts a,b',
      'hookfleet install diskunmap@1:4.50.4-1 --hosts c',
    ],
  );
});

test('hosts that came through stay as they are, unless nobody went wrong: then the answer was no', t => {
  t.is(back({ a: host('failed', UPGRADE), b: host('changed', INSTALL) }).length, 1);
  t.regex(back({ a: host('changed', UPGRADE), b: host('skipped') })[0] ?? '', /install diskunmap@4\.50\.5-1/);
});

test('a package that the catalogue does not know goes by its own name', t => {
  const own = { ...UPGRADE, id: 'vdsm-hook-own', before: 'vdsm-hook-own-1.0-1.noarch' };
  t.regex(back({ a: host('failed', own) })[0] ?? '', /^hookfleet install vdsm-hook-own@1\.0-1 /);
});

test('what was mended in a hook’s files needs no way back, and a run that was not stopped neither', t => {
  const mode = { ...UPGRADE, id: 'diskunmap /usr/x', action: 'mode', before: '0600', after: '0755' };
  t.deepEqual(back({ a: host('failed', mode) }), []);
  t.deepEqual(back({ a: host('failed', UPGRADE) }, null), []);
});

test('a hook of the site comes back by its package’s version and its catalogue, and what needs consent with it', t => {
  const [diskunmap] = BUILT_IN.hooks.filter(({ name }) => name === 'diskunmap');
  const own = diskunmap && {
    ...diskunmap,
    name: 'mine',
    package: 'site-mine',
    refusedWhere: 'everywhere' as const,
  };
  const upgrade = { ...UPGRADE, id: 'mine', before: 'site-mine-0:1.2-3.noarch' };
  const commands = wayBack(
    {
      command: 'install',
      hosts: new Map([['a', host('failed', upgrade, INSTALL)]]),
      stopped: 'why',
      interrupted: false,
    },
    { ...options, acceptRisk: ['mine', 'extnet'], allowDowngrade: true },
    makeCatalog(own ? [own] : [], '/site/catalog'),
  );
  t.deepEqual(commands, [
    "hookfleet install mine@1.2-3 -i 'my hosts.ini' --hosts a --no-engine -f 3 -b --catalog /site/catalog --accept-risk mine --allow-downgrade",
    "hookfleet remove extnet -i 'my hosts.ini' --hosts a -f 3 -b --catalog /site/catalog",
  ]);
});
