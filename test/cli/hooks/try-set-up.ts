import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { BIN } from '../program.ts';

/** The document of `hooks try --json`, as far as tests look at it. */
export interface TryDocument {
  readonly exitCode: number | undefined;
  readonly lent: boolean;
  readonly passedOver: readonly { readonly name: string; readonly why: string }[];
  readonly tries: readonly TriedDocument[];
}

export interface TriedDocument {
  readonly title: string;
  readonly given: string;
  readonly user: string;
  readonly goesOn: boolean;
  readonly verdict: string;
  readonly notes: readonly string[];
  readonly scripts: readonly {
    readonly name: string;
    readonly failed: boolean;
    readonly changed: boolean;
    readonly notes: readonly string[];
    readonly ran: {
      readonly ending: string;
      readonly status: number | null;
      readonly signal: string | null;
      readonly stdout: string;
      readonly stderr: string;
      readonly left: readonly string[];
    } | null;
  }[];
  readonly change: {
    readonly used: boolean;
    readonly fault: string | null;
    readonly diff: readonly { readonly mark: string; readonly text: string }[];
  } | null;
}

/** Scripts run as root too where the tests do. */
const AS_ROOT = process.getuid?.() === 0 ? ['--yes'] : [];

/**
 * A folder for hooks, and the program with a folder for temporary files of its own, which must be empty, with no process that
 * knows of it, after each run.
 */
export async function setUpTry(t: ExecutionContext) {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-try-test-'));
  const temporary = join(folder, 'temporary');
  await mkdir(temporary);
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const start = (args: readonly string[]) =>
    execa(process.execPath, [BIN, 'hooks', 'try', ...args], {
      cwd: folder,
      env: { HOME: folder, TMPDIR: temporary, NO_COLOR: '1', SECRET_OF_CALLER: 'hidden' },
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
      forceKillAfterDelay: false,
    });
  const nothingLeft = async () => {
    t.deepEqual(await readdir(temporary), []);
    t.deepEqual(await processesOf(temporary), []);
  };
  const run = async (...args: readonly string[]) => {
    const { stdout, stderr, exitCode } = await start(args);
    await nothingLeft();
    return { stdout, stderr, exitCode };
  };
  return {
    folder,
    nothingLeft,
    start: (...args: readonly string[]) => start([...args, ...AS_ROOT]),
    /** Writes a script, executable unless said otherwise. */
    async script(path: string, text: string | Buffer, mode = 0o755) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
      await chmod(join(folder, path), mode);
    },
    write: (name: string, text: string | Buffer) => writeFile(join(folder, name), text),
    raw: run,
    run: (...args: readonly string[]) => run(...args, ...AS_ROOT),
    async json(...args: readonly string[]) {
      const { stdout, stderr, exitCode } = await run(...args, '--json', ...AS_ROOT);
      t.is(stderr, '');
      const document: TryDocument = JSON.parse(stdout);
      t.is(document.exitCode, exitCode);
      const [tried] = document.tries;
      if (tried === undefined) {
        throw new Error('nothing was tried');
      }
      return { document, tried, exitCode };
    },
  };
}

/** The command lines of processes with a folder in their environment; those that have just been killed get a moment. */
async function processesOf(folder: string): Promise<readonly string[]> {
  for (let i = 0; ; i += 1) {
    const ids = (await readdir('/proc')).filter(id => /^\d+$/.test(id));
    const found = await Promise.all(
      ids.map(async id => {
        const environment = await readFile(`/proc/${id}/environ`, 'latin1').catch(() => '');
        return environment.includes(`${folder}/`)
          ? [await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => id)]
          : [];
      }),
    );
    if (found.flat().length === 0 || i === 50) {
      return found.flat();
    }
    await sleep(100);
  }
}

export const sh = (...lines: readonly string[]) => `#!/bin/sh\n${lines.join('\n')}\n`;
export const python = (...lines: readonly string[]) => `#!/usr/bin/python3\n${lines.join('\n')}\n`;
