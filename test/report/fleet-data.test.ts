import test from 'ava';
import type { Change } from '../../src/core/change.ts';
import type { HostResult } from '../../src/core/host-result.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { type FleetSource, fleetData } from '../../src/report/fleet-data.ts';

const HOOK: Change = {
  resource: 'vdsm-hook',
  id: 'diskunmap /usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap',
  action: 'mode',
  before: '0644',
  after: '0755',
};
const STRAY: Change = {
  ...HOOK,
  id: '/usr/libexec/vdsm/hooks/before_vm_start/x.bak',
  action: 'unmanaged',
  after: null,
};
const OTHER_KIND: Change = {
  resource: 'unfinished-file',
  id: '/run/x',
  action: 'remove',
  before: 'left',
  after: null,
};

function host(outcome: Outcome, changes: readonly Change[] = []): HostResult {
  return { outcome, changes, error: null, notes: [], ms: 1 };
}

function dataOf(hosts: Readonly<Record<string, HostResult>>, source: Partial<FleetSource> = {}) {
  const result = {
    command: 'check',
    hosts: new Map(Object.entries(hosts)),
    stopped: null,
    interrupted: false,
  };
  return fleetData(result, {
    about: {
      hookfleet: '0',
      command: 'check',
      words: ['site.yml'],
      playbook: '/site.yml',
      by: 'ann@admin',
      startedAt: 0,
      endedAt: 1000,
      exitCode: 0,
    },
    subjects: new Map(
      Object.keys(hosts).map(name => [
        name,
        [
          { resource: 'vdsm-hook', id: 'diskunmap' },
          { resource: 'vdsm-hook', id: '' },
        ],
      ]),
    ),
    groups: new Map(),
    engines: [],
    since: null,
    ...source,
  });
}

const states = (data: ReturnType<typeof dataOf>) =>
  Object.fromEntries(data.hosts.map(({ name, cells }) => [name, cells.map(({ state }) => state)]));

test('what was looked at and does not differ is ok, also on a host that differs elsewhere', t => {
  const data = dataOf({ a: host('ok'), b: host('drifted', [HOOK]), c: host('drifted', [STRAY]) });
  t.deepEqual(
    data.columns.map(({ label }) => label),
    ['diskunmap', 'other hook files'],
  );
  t.deepEqual(states(data), { a: ['ok', 'ok'], b: ['drifted', 'ok'], c: ['ok', 'drifted'] });
  t.deepEqual(data.hosts[1]?.cells[0]?.changes, [HOOK]);
});

test('of a host that the run did not come through, only what was changed is known', t => {
  const data = dataOf({
    a: host('unreachable'),
    b: host('failed', [HOOK]),
    c: host('skipped'),
    d: host('changed', [HOOK]),
  });
  t.deepEqual(states(data), {
    a: ['unknown', 'unknown'],
    b: ['changed', 'unknown'],
    c: ['unknown', 'unknown'],
    d: ['changed', 'ok'],
  });
});

test('what was not wanted of a host is told from what is ok there', t => {
  const wanted = [{ resource: 'vdsm-hook', id: 'diskunmap' }];
  const data = dataOf(
    { a: host('ok'), engine: host('ok') },
    {
      subjects: new Map([
        ['a', wanted],
        ['engine', [{ resource: 'engine-properties', id: '' }]],
      ]),
    },
  );
  t.deepEqual(states(data), { a: ['ok', 'none'], engine: ['none', 'ok'] });
});

test('drift of a kind that does not tell what it looks at has a column of its own', t => {
  const data = dataOf({ a: host('drifted', [OTHER_KIND, HOOK]), b: host('ok') });
  t.deepEqual(
    data.columns.map(({ label }) => label),
    ['diskunmap', 'other hook files', 'unfinished files'],
  );
  t.deepEqual(states(data), { a: ['drifted', 'ok', 'drifted'], b: ['ok', 'ok', 'none'] });
});

test('groups are those of the inventory, without the two that every inventory has', t => {
  const data = dataOf(
    { a: host('ok'), b: host('ok') },
    {
      groups: new Map([
        ['a', ['all', 'racks', 'rack-1']],
        ['b', ['all', 'ungrouped']],
      ]),
    },
  );
  t.deepEqual(data.groups, ['rack-1', 'racks']);
  t.deepEqual(
    data.hosts.map(({ groups }) => groups),
    [['racks', 'rack-1'], []],
  );
});
