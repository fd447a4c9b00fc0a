import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The stand-in's property rows: `KEY@LEVEL` to value. */
export type Rows = Readonly<Record<string, string>>;

/** What the head of `engine/engine-config` says about each. */
export interface StoreSettings {
  readonly delay_ms?: number;
  readonly after_write_ms?: number;
  readonly java?: string;
  readonly release?: string;
}

/** The cluster levels of an engine 4.5.7 and newer. */
export const LEVELS = ['4.2', '4.3', '4.4', '4.5', '4.6', '4.7', '4.8'] as const;

/** The one device property that every engine defines from the start, in each level, for type `interface`. */
export const SECURITY_GROUPS =
  'SecurityGroups=^(?:(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}, *)*[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|)$';

/** The rows of an engine on which nobody has set anything (upgrade script 0000_config.sql of ovirt-engine). */
export function freshRows(levels: readonly string[] = LEVELS): Rows {
  const perLevel = {
    UserDefinedVMProperties: '',
    CustomDeviceProperties: `{type=interface;prop={${SECURITY_GROUPS}}}`,
    UserDefinedNetworkCustomProperties: '',
    PredefinedVMProperties: 'sap_agent=^(true|false)$;hugepages=^[0-9]+$',
  };
  return Object.fromEntries([
    ['AuditLogAgingThreshold@general', '30'],
    ...Object.entries(perLevel).flatMap(([key, value]) => levels.map(level => [`${key}@${level}`, value])),
  ]);
}

/** Makes a store in a new folder. */
export async function writeStore(folder: string, rows: Rows, settings: StoreSettings = {}): Promise<void> {
  await mkdir(join(folder, 'rows'), { recursive: true });
  for (const [row, value] of Object.entries(rows)) {
    await writeFile(join(folder, 'rows', row), value);
  }
  await writeStoreSettings(folder, settings);
}

/** Replaces the settings of a store; the next call of the stand-in heeds them. */
export async function writeStoreSettings(folder: string, settings: StoreSettings): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(folder, 'settings'), lines.join(''));
}

/** All rows as they are now. */
export async function readStore(folder: string): Promise<Rows> {
  const rows: Record<string, string> = {};
  for (const row of (await readdir(join(folder, 'rows'))).sort()) {
    rows[row] = await readFile(join(folder, 'rows', row), 'utf8');
  }
  return rows;
}

/** Rows written as `KEY@LEVEL=value`, one a line, as the engine notes what it has loaded. */
export function parseRows(text: string): Rows {
  const lines = text.split('\n').filter(Boolean);
  return Object.fromEntries(
    lines.map(line => {
      const end = line.indexOf('=');
      return [line.slice(0, end), unescaped(line.slice(end + 1))];
    }),
  );
}

/** The arguments of every call since the store was made, in order. */
export async function readCalls(folder: string): Promise<string[][]> {
  const text = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => line.split('\t').slice(1).map(unescaped));
}

function unescaped(word: string): string {
  return word.replaceAll(/\\(.)/g, (_, escaped: string) => ({ n: '\n', t: '\t' })[escaped] ?? escaped);
}
