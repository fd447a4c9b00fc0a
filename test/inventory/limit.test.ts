import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { readLimit } from '../../src/inventory/limit.ts';

test('a limit without a file is its terms', async t => {
  t.deepEqual(await readLimit('a:&b:!c'), ['a', '&b', '!c']);
});

test('the lines of a file stand in the place of its name', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-limit-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'failed');
  await writeFile(file, 'kvm-01\r\n\n  kvm-02  \n!kvm-03');
  t.deepEqual(await readLimit(`canary,@${file}`), ['canary', 'kvm-01', 'kvm-02', '!kvm-03']);
  await writeFile(file, '\n');
  await t.throwsAsync(readLimit(`@${file}`), { instanceOf: InputError, message: /names no host/ });
  await t.throwsAsync(readLimit(`@${folder}/none`), { instanceOf: InputError, message: /cannot be read/ });
});
