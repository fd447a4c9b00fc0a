/**
 * Holds the stand-in of engine-config to what the real tool was recorded to do (engine 4.5.7 on Java 17). The table,
 * engine-config.cases.jsonl, has one recording a line; the letters: A reading, B setting without --cver, C setting VM
 * properties, D characters and lengths, E the command line, F setting device properties, G merging, H other actions,
 * N releases before 4.5.3.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { type Around, JAVA_LINE, MENU, makeStore, readAndTerminate, run } from './engine-config-run.ts';
import { freshRows, type Rows, readStore, SECURITY_GROUPS, type StoreSettings } from './engine-store.ts';
import { LAB } from './recipe.ts';

interface Case extends Around {
  readonly case: string;
  readonly title: string;
  readonly argv: readonly string[];
  readonly settings?: StoreSettings;
  /** Rows that differ from those of a fresh engine. */
  readonly before?: Rows;
  readonly exit: 0 | 1 | 'never';
  readonly stdout?: string;
  /** Rows that the call changes; no other may change. */
  readonly after?: Rows;
}

const VM_SYNTAX = '((([a-z_A-Z0-9])+)=(([^;])*)(;(([a-z_A-Z0-9])+)=(([^;])*))*;?)?';
const TYPES =
  'disk|interface|video|graphics|sound|controller|balloon|channel|redir|redirdev|console|rng|smartcard|watchdog|hostdev|memory|tpm|mdev';

/** What the table writes short because it comes again and again. */
const SHORTHAND = {
  '<menu>': MENU,
  '<vm-syntax>': VM_SYNTAX,
  '<device-syntax>': `\\{type=(${TYPES});prop=\\{${VM_SYNTAX}\\}\\}[;]?`,
  '<node-is-null>':
    'Cannot invoke "com.fasterxml.jackson.databind.JsonNode.get(String)" because "node" is null',
  '<SecurityGroups>': SECURITY_GROUPS,
};

for (const recorded of readCases()) {
  test(`engine-config ${recorded.case}: ${recorded.title}`, async t => {
    const before = { ...freshRows(), ...recorded.before };
    const store = await makeStore(t, before, recorded.settings);
    if (recorded.exit === 'never') {
      const { text, exitCode } = await readAndTerminate(store, recorded.argv, recorded, MENU.length * 1000);
      t.is(text, MENU.repeat(1000));
      t.is(exitCode, 143);
      t.deepEqual(await readStore(store), before);
      return;
    }
    const { exitCode, stdout, stderr } = await run(store, recorded.argv, recorded);
    t.deepEqual(
      { exitCode, stdout: rowsSorted(stdout) },
      { exitCode: recorded.exit, stdout: rowsSorted(recorded.stdout ?? '') },
    );
    t.is(stderr, JAVA_LINE);
    t.deepEqual(await readStore(store), { ...before, ...recorded.after });
  });
}

function readCases(): Case[] {
  const text = readFileSync(join(LAB, 'engine-config.cases.jsonl'), 'utf8');
  const long = (value: unknown) =>
    typeof value === 'string'
      ? Object.entries(SHORTHAND).reduce((out, [short, full]) => out.replaceAll(short, () => full), value)
      : value;
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line, (_, value) => long(value)) as Case);
}

/** The real tool lists rows in the database's own order, which changes with every update: only their set can be told. */
function rowsSorted(stdout: string): string {
  const lines = stdout.split('\n').slice(0, -1);
  return lines.every(line => / version: \S+$/.test(line)) ? lines.sort().join('\n') : stdout;
}
