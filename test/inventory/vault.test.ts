import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { makeVault } from '../../src/inventory/vault.ts';
import { folderWith } from './files.ts';

test('many encrypted values are opened by few programs at a time', async t => {
  const folder = await folderWith(t, {
    'ansible-vault': '#!/bin/sh\necho + >>"$LOG"\nsleep 0.1\necho - >>"$LOG"\necho opened\n',
  });
  const log = join(folder, 'log');
  const vault = makeVault({
    passwordFiles: ['password'],
    ids: [],
    environment: { PATH: `${folder}:${process.env.PATH}`, LOG: log },
  });
  const texts = await Promise.all(
    Array.from({ length: 30 }, (_, i) => vault?.open(`$ANSIBLE_VAULT;1.1;AES256\n${i}\n`, { file: 'f' })),
  );
  t.deepEqual(new Set(texts), new Set(['opened\n']));
  const steps = (await readFile(log, 'utf8')).trim().split('\n');
  const atOnce = steps.map((_, i) =>
    steps.slice(0, i + 1).reduce((sum, step) => sum + (step === '+' ? 1 : -1), 0),
  );
  t.is(steps.length, 60);
  t.true(Math.max(...atOnce) <= 4, String(Math.max(...atOnce)));
});
