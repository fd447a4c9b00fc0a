import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { lendHooking } from '../../../src/authoring/try/throw-away.ts';
import { wouldFail } from '../../../src/authoring/try/verdict.ts';
import { HOOK_POINTS } from '../../../src/catalog/events.ts';

test('every event whose scripts can make its operation fail says what becomes of it, and no other does', t => {
  const other = wouldFail('unknown');
  t.deepEqual(
    HOOK_POINTS.filter(({ name }) => wouldFail(name) !== other).map(({ name }) => name),
    HOOK_POINTS.filter(({ aborts }) => aborts).map(({ name }) => name),
  );
});

test("VDSM's own module hooking is used where it is installed; else one is lent", async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-hooking-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const lent = await lendHooking(folder, folder);
  t.is(lent.lent, true);
  t.regex(await readFile(join(lent.folder, 'hooking.py'), 'utf8'), /def read_domxml/);
  const own = join(folder, 'usr/lib/python3.9/site-packages/vdsm/hook');
  await mkdir(own, { recursive: true });
  await writeFile(join(own, 'hooking.py'), '');
  t.deepEqual(await lendHooking(folder, folder), { folder: own, lent: false });
});
