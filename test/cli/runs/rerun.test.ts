import test from 'ava';
import { nextCommand } from '../../../src/cli/options/next-command.ts';
import { readRerun } from '../../../src/cli/runs/rerun-words.ts';
import type { HostResult } from '../../../src/core/host-result.ts';
import type { Outcome } from '../../../src/core/outcome.ts';

const words: readonly (readonly [string, ReturnType<typeof readRerun>])[] = [
  ['failed', { outcomes: ['failed'], run: 'last' }],
  ['failed, skipped', { outcomes: ['failed', 'skipped'], run: 'last' }],
  ['unreachable,cancelled:20261120T12', { outcomes: ['unreachable', 'cancelled'], run: '20261120T12' }],
  ['failed:last', { outcomes: ['failed'], run: 'last' }],
  ['failed:', undefined],
  ['failed,', undefined],
  [':last', undefined],
  ['', undefined],
  ['changed', undefined],
];

for (const [text, meaning] of words) {
  test(`--rerun ${text || '(nothing)'}: ${meaning === undefined ? 'refused' : 'read'}`, t => {
    t.deepEqual(readRerun(text), meaning);
  });
}

const command = { name: 'apply', words: ['site.yml'], changes: true, needsWhole: false } as const;

/** A run over so many hosts of each outcome. */
function runWith(outcomes: Partial<Record<Outcome, number>>) {
  const host = (outcome: Outcome): HostResult => ({ outcome, changes: [], error: null, notes: [], ms: 1 });
  const hosts = Object.entries(outcomes).flatMap(([outcome, number]) =>
    Array.from({ length: number }, (_, i) => [`${outcome[0]}${i}`, host(outcome as Outcome)] as const),
  );
  return { command: 'apply', hosts: new Map(hosts), stopped: null, interrupted: false };
}

test('the next command names a few hosts, and many by their run where it is recorded', t => {
  const options = { inventory: ['h.ini'], limit: 'all', rerun: 'failed:1' };
  const few = runWith({ ok: 1, failed: 2, unreachable: 1 });
  t.is(nextCommand(command, options, few, 'r2'), 'hookfleet apply site.yml -i h.ini -l f0,f1,u0');
  const many = runWith({ ok: 1, unreachable: 5, cancelled: 3, failed: 4 });
  t.is(
    nextCommand(command, options, many, 'r2'),
    'hookfleet apply site.yml -i h.ini --rerun failed,unreachable,cancelled:r2',
  );
  t.regex(nextCommand(command, options, many) ?? '', / -l u0,.*,f3$/);
});

test('the next command repeats which hosts, and where records are', t => {
  const all = runWith({ failed: 2 });
  const options = { inventory: ['h.ini'], rerun: 'failed:r1', record: '/srv/runs' };
  t.is(
    nextCommand(command, options, all, 'r2'),
    'hookfleet apply site.yml -i h.ini --rerun failed:r1 --record /srv/runs',
  );
  t.is(
    nextCommand(command, { inventory: ['h.ini'], record: false }, all),
    'hookfleet apply site.yml -i h.ini --no-record',
  );
});
