import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { execa } from 'execa';
import { BIN } from '../program.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends an inventory program that does not end, what it has started, and hookfleet`, async t => {
    const folder = await mkdtemp(join(tmpdir(), 'hookfleet-program-'));
    t.teardown(() => rm(folder, { recursive: true }));
    const program = join(folder, 'hosts');
    await writeFile(
      program,
      '#!/bin/sh\nsleep 600 &\necho $$ $! >"$0.new"\nmv "$0.new" "$0.pids"\nsleep 600\n',
    );
    await chmod(program, 0o755);
    const running = execa(process.execPath, [BIN, 'inventory', '--list', '-i', program], {
      env: { HOME: folder },
      stdin: 'ignore',
      reject: false,
      timeout: 60_000,
    });
    const pids = (await textOf(`${program}.pids`)).trim().split(' ').map(Number);
    t.is(pids.length, 2);
    running.kill(signal);
    t.is((await running).signal, signal);
    t.deepEqual(await Promise.all(pids.map(hasEnded)), [true, true]);
  });
}

/** Waits for a file. */
async function textOf(file: string): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (tries === 300) {
        throw error;
      }
      await sleep(100);
    }
  }
}

/** Whether a process ends within 10 s; one that nobody has waited for yet has ended too. */
async function hasEnded(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tZ');
    if (/^State:\s*[ZX]/m.test(status)) {
      return true;
    }
    await sleep(100);
  }
  return false;
}
