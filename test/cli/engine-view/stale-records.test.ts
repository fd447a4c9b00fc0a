import test from 'ava';
import { staleRecords } from '../../../src/cli/engine-view/stale-records.ts';

function after(...hosts: readonly (readonly string[])[]): string | undefined {
  const results = hosts.map((changes, i) => {
    const made = changes.map(change => {
      const [resource = '', action = ''] = change.split(' ');
      return { resource, id: 'x', action, before: null, after: null };
    });
    return [`h${i}`, { outcome: 'changed' as const, changes: made, error: null, notes: [], ms: 1 }] as const;
  });
  return staleRecords({ command: 'apply', hosts: new Map(results), stopped: null, interrupted: false });
}

test('after hooks were changed it is told that an engine still shows the old ones', t => {
  t.regex(after(['vdsm-hook install', 'vdsm-hook mode']) ?? '', /of the host is old.*`check --deep`/);
  t.regex(after(['vdsm-hook install'], ['vdsm-hook remove'], []) ?? '', /of the 2 hosts is old/);
});

test('nothing is told where no hook was changed, or the engine has read the hosts since', t => {
  t.is(after(['package install', 'libvirt-hook place']), undefined);
  t.is(after(['vdsm-hook install'], ['engine-properties set', 'engine-properties restart']), undefined);
  t.is(after(['vdsm-hook install', 'engine-view refresh']), undefined);
  t.truthy(after(['vdsm-hook install'], ['engine-properties set']));
});
