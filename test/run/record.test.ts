import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { HostError } from '../../src/core/failure.ts';
import { FAILURE_KINDS } from '../../src/core/failure-kinds.ts';
import type { HostResult } from '../../src/core/host-result.ts';
import { OUTCOMES } from '../../src/core/outcome.ts';
import { Secret } from '../../src/core/secret.ts';
import { readRecord } from '../../src/run/record.ts';
import { KEPT, loadAsked, loadRecord, pruneRecords, recordIds, tooOld } from '../../src/run/record-folder.ts';
import { isRunning, processMark } from '../../src/run/record-process.ts';
import { createRecord } from '../../src/run/record-writer.ts';
import { fakeFleet, host } from './fake-fleet.ts';
import { askedOf, recordRun, recordsFolder } from './records.ts';

test('what a run came to is read back from its record, host by host, over all plays', async t => {
  const folder = await recordsFolder(t);
  const { ports, play } = fakeFleet({
    a: { state: 'good' },
    b: { state: 'bad' },
    c: { state: 'good', unreachable: true },
    d: { state: 'bad', stepExit: 5 },
  });
  const plays = [play({ hosts: [host('b'), host('a'), host('c'), host('d')] }), play({ name: 'more' })];
  const result = await recordRun(folder, plays, ports);
  const record = await loadRecord(folder, '20261120T121829Z-3f9c');
  t.deepEqual(record?.result, result);
  t.deepEqual([...(record?.result.hosts.keys() ?? [])], [...result.hosts.keys()], 'in the same order');
  t.deepEqual(record?.asked, askedOf(plays));
  t.like(record?.end, { exitCode: 0, ms: 10_000, totals: { ok: 0, changed: 0, skipped: 2, failed: 1 } });
  t.is(record?.previewOnly, false);
  t.deepEqual(await loadAsked(folder, '20261120T121829Z-3f9c'), askedOf(plays));
});

test('nobody else can read a record: the folder is 0700, the file 0600', async t => {
  const folder = await recordsFolder(t);
  const { ports, play } = fakeFleet({ a: { state: 'good' } });
  await recordRun(folder, [play()], ports);
  t.is((await stat(folder)).mode & 0o777, 0o700);
  t.is((await stat(join(folder, '20261120T121829Z-3f9c.jsonl'))).mode & 0o777, 0o600);
});

function rethrow(error: Error): never {
  throw error;
}

const ok: HostResult = { outcome: 'ok', changes: [], error: null, notes: [], ms: 1 };

test('a record that was cut off anywhere is read as far as it goes: its other hosts are cancelled', async t => {
  const folder = await recordsFolder(t);
  const { ports, play } = fakeFleet({ a: { state: 'bad' }, b: { state: 'good' }, c: { state: 'bad' } });
  const plays = [play(), play({ name: 'more', hosts: [host('c')] })];
  const result = await recordRun(folder, plays, ports);
  const text = await readFile(join(folder, '20261120T121829Z-3f9c.jsonl'), 'utf8');
  const begin = text.indexOf('\n');
  for (let length = 0; length <= text.length; length += 1) {
    const record = readRecord(text.slice(0, length));
    if (length < begin) {
      t.is(record, undefined);
      continue;
    }
    t.deepEqual([...(record?.result.hosts.keys() ?? [])], ['a', 'b', 'c']);
    t.is(record?.end === null, length < text.length - 1);
    for (const [name, { outcome }] of record?.result.hosts ?? []) {
      t.true(outcome === result.hosts.get(name)?.outcome || outcome === 'cancelled');
    }
  }
});

test('a host that a killed run was changing is told from one that it was not done with', async t => {
  const folder = await recordsFolder(t);
  const { play } = fakeFleet({ a: { state: 'bad' }, b: { state: 'bad' }, c: { state: 'bad' } });
  const writer = createRecord(folder, askedOf([play()]), rethrow);
  const keep = writer.beginPass(true);
  keep({ type: 'host-phase', play: 0, host: 'a', phase: 'probing' });
  keep({ type: 'host-phase', play: 0, host: 'b', phase: 'changing', step: 'one' });
  keep({ type: 'host-phase', play: 0, host: 'b', phase: 'changing', step: 'two' });
  keep({ type: 'host-phase', play: 0, host: 'c', phase: 'changing' });
  keep({ type: 'host-finished', play: 0, host: 'c', result: ok });
  writer.close();
  const text = await readFile(join(folder, `${writer.id}.jsonl`), 'utf8');
  t.is(text.match(/"changing"/g)?.length, 2, 'one line a host');
  const { result, end } = readRecord(text) ?? t.fail();
  t.is(end, null);
  t.deepEqual(
    [...result.hosts].map(([name, { outcome, error }]) => [name, outcome, error?.message ?? '']),
    [
      ['a', 'cancelled', 'The run has no end, and was not done with this host'],
      ['b', 'cancelled', 'The run has no end, and was changing this host'],
      ['c', 'ok', ''],
    ],
  );
});

test('the answer no leaves what the preview showed; the pass that changes begins anew', async t => {
  const folder = await recordsFolder(t);
  const { play } = fakeFleet({ a: { state: 'bad' } });
  const writer = createRecord(folder, askedOf([play()]), rethrow);
  writer.beginPass(false)({
    type: 'host-finished',
    play: 0,
    host: 'a',
    result: { ...ok, outcome: 'drifted' },
  });
  const preview = await loadRecord(folder, writer.id);
  t.true(preview?.previewOnly);
  t.is(preview?.result.hosts.get('a')?.outcome, 'drifted');
  const keep = writer.beginPass(true);
  t.is((await loadRecord(folder, writer.id))?.result.hosts.get('a')?.outcome, 'cancelled');
  keep({ type: 'host-finished', play: 0, host: 'a', result: { ...ok, outcome: 'changed' } });
  writer.close();
  const applied = await loadRecord(folder, writer.id);
  t.false(applied?.previewOnly);
  t.is(applied?.result.hosts.get('a')?.outcome, 'changed');
});

test('any text of a host comes back as it was, and damage counts for nothing', t => {
  const text = fc.string({ unit: 'binary' });
  const arbitrary: fc.Arbitrary<HostResult> = fc.record({
    outcome: fc.constantFrom(...OUTCOMES),
    changes: fc.array(
      fc.record({
        resource: text,
        id: text,
        action: text,
        before: fc.option(text),
        after: fc.option(text),
      }),
    ),
    error: fc.option(
      fc
        .record({
          kind: fc.constantFrom(...FAILURE_KINDS),
          step: text,
          message: text,
          stderr: fc.option(text),
        })
        .map(told => new HostError('failed', told).failure),
    ),
    notes: fc.array(text),
    facts: fc.dictionary(text, text),
    ms: fc.nat(),
  });
  fc.assert(
    fc.property(arbitrary, text, (result, damage) => {
      const { play } = fakeFleet({ a: { state: 'good' } });
      const lines = [
        { type: 'begin', format: 1, asked: askedOf([play()]) },
        { type: 'pass', apply: true },
        { type: 'host', play: 0, host: 'a', result },
      ].map(line => JSON.stringify(line));
      const record = readRecord([...lines, damage.replaceAll('\n', ' '), '{"type":"host"}'].join('\n'));
      t.deepEqual(JSON.stringify(record?.result.hosts.get('a')), JSON.stringify(result));
    }),
  );
});

test('what is no record, or one of a later format, is read as none', t => {
  const { play } = fakeFleet({ a: { state: 'good' } });
  const asked = askedOf([play()]);
  t.truthy(readRecord(JSON.stringify({ type: 'begin', format: 1, asked })));
  for (const broken of [
    '',
    'null',
    '[]',
    JSON.stringify({ type: 'begin', format: 2, asked }),
    JSON.stringify({ type: 'begin', format: 1, asked: { ...asked, startedAt: 'yesterday' } }),
    JSON.stringify({ type: 'begin', format: 1, asked: { ...asked, by: {} } }),
    JSON.stringify({ type: 'begin', format: 1, asked: { ...asked, plays: [{ name: 'x', hosts: [7] }] } }),
    JSON.stringify({ type: 'pass', apply: true }),
  ]) {
    t.is(readRecord(broken), undefined, broken);
  }
});

test('a secret in a result stays one', async t => {
  const folder = await recordsFolder(t);
  const { play } = fakeFleet({ a: { state: 'good' } });
  const writer = createRecord(folder, askedOf([play()]), rethrow);
  const notes = [new Secret('s3cret') as unknown as string];
  writer.beginPass(true)({ type: 'host-finished', play: 0, host: 'a', result: { ...ok, notes } });
  writer.close();
  t.notRegex(await readFile(join(folder, `${writer.id}.jsonl`), 'utf8'), /s3cret/);
});

test('two runs with one id have a record each, and both are found', async t => {
  const folder = await recordsFolder(t);
  const { play } = fakeFleet({ a: { state: 'good' } });
  const writers = [1, 2].map(() => createRecord(folder, askedOf([play()]), rethrow));
  const passes = writers.map(writer => writer.beginPass(true));
  for (let i = 0; i < 50; i += 1) {
    for (const [n, keep] of passes.entries()) {
      keep({ type: 'host-finished', play: 0, host: 'a', result: { ...ok, ms: n } });
    }
  }
  for (const writer of writers) {
    writer.close();
  }
  const ids = writers.map(writer => writer.id);
  t.is(new Set(ids).size, 2);
  t.deepEqual([...(await recordIds(folder))].sort(), [...ids].sort());
  for (const [n, id] of ids.entries()) {
    const record = await loadRecord(folder, id);
    t.is(record?.asked.id, id);
    t.is(record?.result.hosts.get('a')?.ms, n);
  }
});

test('a full disk is told once, and nothing is missing where there is space again in time', async t => {
  const folder = await recordsFolder(t);
  const { play } = fakeFleet({ a: { state: 'good' }, b: { state: 'good' } });
  const troubles: string[] = [];
  let room = 100_000;
  const write = (file: number, bytes: Buffer) => {
    const part = bytes.subarray(0, room);
    room -= part.length;
    if (part.length === 0) {
      throw new Error('ENOSPC: no space left on device, write');
    }
    writeFileSync(file, part);
    return part.length;
  };
  const writer = createRecord(folder, askedOf([play()]), error => troubles.push(error.message), write);
  const keep = writer.beginPass(true);
  room = 40;
  keep({ type: 'host-finished', play: 0, host: 'a', result: ok });
  keep({ type: 'host-finished', play: 0, host: 'a', result: ok });
  t.deepEqual(troubles, ['ENOSPC: no space left on device, write']);
  t.is(writer.trouble()?.message, troubles[0]);
  t.truthy(await loadRecord(folder, writer.id), 'what is there is readable');
  room = 100_000;
  keep({ type: 'host-finished', play: 0, host: 'b', result: ok });
  t.is(writer.trouble(), undefined);
  writer.close();
  const record = await loadRecord(folder, writer.id);
  t.deepEqual(
    [...(record?.result.hosts.values() ?? [])].map(({ outcome }) => outcome),
    ['ok', 'ok'],
  );
});

const NOW = Date.UTC(2026, 10, 20);
const nameAt = (hour: number) =>
  `${new Date(NOW - hour * 3_600_000).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-00ff.jsonl`;
const many = (count: number, everyHours: number) =>
  Array.from({ length: count }, (_, i) => nameAt(i * everyHours));

test('the newest are kept, however old; beyond them those of the last days; never more than so many', t => {
  t.is(tooOld(many(KEPT.least, 1000), NOW).length, 0);
  t.deepEqual(tooOld(many(KEPT.least + 1, 1000), NOW), [nameAt(1000 * KEPT.least).slice(0, -6)]);
  t.is(tooOld(many(KEPT.most, 0.5), NOW).length, 0);
  t.is(tooOld(many(KEPT.most + 7, 0.5), NOW).length, 7);
  t.is(tooOld(many(24 * KEPT.days + 50, 1), NOW).length, 49);
});

test('only records are taken away, nothing else in the folder', async t => {
  const folder = await recordsFolder(t);
  await mkdir(folder, { recursive: true });
  const others = ['notes.jsonl', '20010101T000000Z-00ff.json', '20010101T000000Z-00ff.jsonl.bak'];
  for (const name of [...others, ...many(KEPT.least + 3, 1000)]) {
    await writeFile(join(folder, name), '');
  }
  pruneRecords(folder, NOW);
  const left = await readdir(folder);
  t.is(left.length, KEPT.least + others.length);
  t.deepEqual(
    others.filter(name => !left.includes(name)),
    [],
  );
  t.notThrows(() => pruneRecords(join(folder, 'none'), NOW));
  t.deepEqual(await recordIds(join(folder, 'none')), []);
});

test('a run that goes on is told from one that was killed, also where its number was given away again', t => {
  const by = askedOf([]).by;
  const mine = { ...by, host: 'here', pid: process.pid, process: processMark(process.pid) };
  t.true(isRunning(mine, 'here'));
  t.false(isRunning(mine, 'elsewhere'), 'of another machine nothing is known');
  if (process.platform === 'linux') {
    t.false(isRunning({ ...mine, process: '1' }, 'here'));
  }
  t.true(isRunning({ ...mine, process: null }, 'here'));
  t.false(isRunning({ ...mine, pid: 2 ** 22 + 1, process: null }, 'here'));
});
