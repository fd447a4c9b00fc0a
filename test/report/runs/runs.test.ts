import test from 'ava';
import type { FactChange } from '../../../src/core/facts.ts';
import type { HostResult, RunResult } from '../../../src/core/host-result.ts';
import { factLines } from '../../../src/report/facts.ts';
import { makePaint } from '../../../src/report/paint.ts';
import { type RunLine, runsTable } from '../../../src/report/runs/runs.ts';
import { diffRuns, isSame } from '../../../src/report/runs/runs-diff.ts';
import { runsDiffPage } from '../../../src/report/runs/runs-diff-page.ts';

const paint = makePaint({}, {});
const mode = { resource: 'vdsm-hook', id: 'a /x', action: 'mode', before: '0644', after: '0755' };
const gone = { resource: 'package', id: 'b', action: 'install', before: null, after: 'b-1' };

function host(more: Partial<HostResult> = {}): HostResult {
  return { outcome: 'ok', changes: [], error: null, notes: [], ms: 1, ...more };
}

function runOf(hosts: Readonly<Record<string, HostResult>>): RunResult {
  return { command: 'check', hosts: new Map(Object.entries(hosts)), stopped: null, interrupted: false };
}

function page(before: RunResult, after: RunResult): string {
  return runsDiffPage(diffRuns(before, after), { diff: false, paint });
}

test('two runs over the same state differ in nothing, also where the first one brought it about', t => {
  const versions = { facts: { vdsm: '1' } };
  const before = runOf({ a: host({ outcome: 'changed', changes: [mode], ...versions }), b: host() });
  const after = runOf({ a: host({ ms: 99, ...versions }), b: host() });
  t.true(isSame(diffRuns(before, after)));
  t.is(page(before, after), '');
});

test('new and gone drift, outcomes and versions are told host by host, equal hosts together', t => {
  const before = runOf({
    'kvm-1': host({ facts: { vdsm: '1', image: 'n-1' } }),
    'kvm-2': host({ facts: { vdsm: '1', image: 'n-1' } }),
    'kvm-3': host({ facts: { vdsm: '1', image: 'n-1' } }),
    x: host({ outcome: 'drifted', changes: [mode, gone] }),
    y: host({ outcome: 'drifted', changes: [mode] }),
    old: host(),
    same: host({ facts: { vdsm: '1' } }),
  });
  const moved = host({ outcome: 'drifted', changes: [gone], facts: { vdsm: '2' } });
  const after = runOf({
    'kvm-1': moved,
    'kvm-2': moved,
    'kvm-3': moved,
    x: host({ outcome: 'drifted', changes: [gone] }),
    y: host({ outcome: 'unreachable' }),
    same: host(),
    new: host(),
  });
  t.is(
    page(before, after),
    `kvm-[1-3] (3 hosts)
  outcome: ok -> drifted
  version: vdsm 1 -> 2
  version: image n-1 -> none
  new drift:
    + package b: install  b-1

x
  drift that is gone:
    ~ vdsm-hook a /x: mode  0644 -> 0755

y
  outcome: drifted -> unreachable

only in the later run: new

only in the earlier run: old`,
  );
});

test('drift that has become another one is both: gone and new', t => {
  const before = runOf({ a: host({ outcome: 'drifted', changes: [mode] }) });
  const after = runOf({ a: host({ outcome: 'drifted', changes: [{ ...mode, before: '0600' }] }) });
  const diff = diffRuns(before, after).hosts.get('a');
  t.is(diff?.outcome, null);
  t.is(diff?.newDrift.length, 1);
  t.is(diff?.goneDrift.length, 1);
});

const line: RunLine = {
  id: '20261120T121829Z-3f9c',
  startedAt: new Date(2026, 10, 20, 13, 18, 29).toISOString(),
  by: 'ann@admin-01',
  command: 'apply',
  words: ['site.yml'],
  state: { kind: 'ended', ms: 41_000, exitCode: 1, previewOnly: false },
  totals: { ok: 9, changed: 2, drifted: 0, skipped: 0, cancelled: 0, unreachable: 0, failed: 1 },
};

test('the list of runs: a line each, and no text of a record drives the terminal', t => {
  const killed: RunLine = { ...line, by: 'eve\u001b[2J@x', command: 'check', state: { kind: 'no-end' } };
  const text = runsTable([line, killed, { ...killed, state: { kind: 'running' } }], paint);
  t.is(
    text,
    `RUN                    STARTED              BY              COMMAND         TOOK         HOSTS
20261120T121829Z-3f9c  2026-11-20 13:18:29  ann@admin-01    apply site.yml  41 s         12 hosts: 9 ok, 2 changed, 1 failed
20261120T121829Z-3f9c  2026-11-20 13:18:29  eve\\u{1b}[2J@x  check site.yml  did not end  12 hosts: 9 ok, 2 changed, 1 failed
20261120T121829Z-3f9c  2026-11-20 13:18:29  eve\\u{1b}[2J@x  check site.yml  running      12 hosts: 9 ok, 2 changed, 1 failed`,
  );
});

test('hosts with other versions than before are named, those with the same ones together', t => {
  const update = [{ fact: 'vdsm', before: '1', after: '2' }];
  const lines = factLines(
    new Map<string, FactChange[]>([
      ['kvm-1', update],
      ['x', [{ fact: 'image', before: 'n\u001b[2J', after: null }]],
      ['kvm-2', update],
      ['kvm-3', update],
    ]),
  );
  t.deepEqual(lines, [
    'note: kvm-[1-3] (3 hosts) have other versions than in the last record: vdsm 1 -> 2',
    'note: x has other versions than in the last record: image n\\u{1b}[2J -> none',
  ]);
});
