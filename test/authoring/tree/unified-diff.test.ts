import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { type TreeChange, textAfter } from '../../../src/authoring/tree/change.ts';
import type { Splice } from '../../../src/authoring/tree/splice.ts';
import { unifiedDiff } from '../../../src/authoring/tree/unified-diff.ts';

const splices = fc
  .uniqueArray(fc.record({ at: fc.nat(40), remove: fc.nat(1), count: fc.integer({ min: 1, max: 3 }) }), {
    selector: ({ at }) => at,
    minLength: 1,
    maxLength: 5,
  })
  .map(list =>
    list.map(({ at, remove, count }): Splice => ({ at, remove, insert: Array(count).fill('new') })),
  );

test('git makes of a patch what the change says, wherever its lines stand', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-diff-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const before = Array.from({ length: 42 }, (_, i) => `line ${i}\n`).join('');
  const right = fc.asyncProperty(splices, async list => {
    const change: TreeChange = { kind: 'edit', path: 'file', before, splices: list };
    await writeFile(join(folder, 'file'), before);
    await apply(folder, [change]);
    return (await readFile(join(folder, 'file'), 'utf8')) === textAfter(change);
  });
  await t.notThrowsAsync(fc.assert(right, { numRuns: 25 }));
});

test('a new file comes with its mode', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-diff-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await apply(folder, [{ kind: 'new', path: 'a/script', text: '#!/bin/sh\nexit 0\n', mode: 0o755 }]);
  t.is(await readFile(join(folder, 'a/script'), 'utf8'), '#!/bin/sh\nexit 0\n');
  t.is((await stat(join(folder, 'a/script'))).mode & 0o111, 0o111);
});

async function apply(folder: string, changes: readonly TreeChange[]): Promise<void> {
  const input = unifiedDiff(changes)
    .map(line => `${line}\n`)
    .join('');
  await execa('git', ['apply', '-'], { cwd: folder, input, env: { GIT_CEILING_DIRECTORIES: tmpdir() } });
}
