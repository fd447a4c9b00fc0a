import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { LEVELS, type Rows, type StoreSettings, writeStore } from './engine-store.ts';
import { LAB } from './recipe.ts';

export const PROGRAM = join(LAB, 'engine/engine-config');

/** What every call that gets as far as Java writes to stderr. */
export const JAVA_LINE = 'Picked up JAVA_TOOL_OPTIONS: -Dcom.redhat.fips=false\n';

/** What a set without `--cver` prints, once or for ever. */
export const MENU = `Please select a version:\n${LEVELS.map((level, i) => `${i + 1}. ${level}\n`).join('')}`;

/** What a call finds besides its arguments. */
export interface Around {
  /** Text; or `closed`. At its end from the start unless given. */
  readonly stdin?: string;
  /** On top of a UTF-8 locale. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A store that lives as long as the test, with calls that take no time. */
export async function makeStore(
  t: ExecutionContext,
  rows: Rows,
  settings: StoreSettings = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-config-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeStore(folder, rows, { delay_ms: 0, ...settings });
  await writeFile(join(folder, 'database.conf'), '');
  return folder;
}

/** Runs the stand-in on a store, without a host, to its end. */
export function run(store: string, argv: readonly string[], { stdin = '', env = {} }: Around = {}) {
  const [file, words] = commandLine(argv, stdin);
  return execa(file, words, {
    input: stdin === 'closed' ? '' : stdin,
    env: environment(store, env),
    extendEnv: false,
    stripFinalNewline: false,
    reject: false,
    timeout: 20_000,
  });
}

/** For a call that may never end; the caller ends it. */
export function start(store: string, argv: readonly string[], { stdin = '', env = {} }: Around = {}) {
  const [file, words] = commandLine(argv, stdin);
  return spawn(file, words, { stdio: ['ignore', 'pipe', 'ignore'], env: environment(store, env) });
}

/** Reads so much of what a call prints and then sends it SIGTERM. */
export async function readAndTerminate(
  store: string,
  argv: readonly string[],
  around: Around,
  length: number,
): Promise<{ text: string; exitCode: unknown }> {
  const child = start(store, argv, around);
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk;
    if (text.length >= length) {
      break;
    }
  }
  child.kill('SIGTERM');
  const [exitCode] = await once(child, 'exit');
  return { text: text.slice(0, length), exitCode };
}

function commandLine(argv: readonly string[], stdin: string): [string, string[]] {
  return stdin === 'closed' ? ['sh', ['-c', 'exec "$@" <&-', 'sh', PROGRAM, ...argv]] : [PROGRAM, [...argv]];
}

function environment(store: string, env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, ENGINE_CONFIG_STORE: store, LANG: 'C.UTF-8', ...env };
}
