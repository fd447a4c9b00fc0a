import { HostError } from '../../core/failure.ts';
import type { Section } from '../../core/section.ts';
import { type HostedFound, readHosted } from './engine-hosted.ts';
import { type EngineLockFound, parseLock } from './engine-lock.ts';
import { parseMarker, type RestartMarker } from './engine-marker.ts';
import { ENGINE_KEYS, type EngineKey, MARKER_FILE } from './engine-shell.ts';
import { explainTool } from './engine-trouble.ts';

/** What an engine's host says of custom properties, of the engine's unit, and of a restart that may be due. */
export interface EnginePropertiesFound {
  /** The stored values, by key and cluster level, as they stand. A key that was not read is not there. */
  readonly values: Readonly<Partial<Record<EngineKey, Readonly<Record<string, string>>>>>;
  /** The character set of engine-config's locale on that host; anything but `UTF-8` loses text. */
  readonly charmap: string;
  readonly unit: UnitFound;
  /** Who else changes the engine just now, or has died while doing so. */
  readonly lock: EngineLockFound | null;
  /** Null where the engine does not run in a VM of oVirt. */
  readonly hosted: HostedFound | null;
  readonly marker: RestartMarker | null;
  /** Asked only when there is a marker. */
  readonly health: HealthFound | null;
}

export interface UnitFound {
  /** systemd's ActiveState; `unknown` where systemd does not answer. */
  readonly state: string;
  /** Differs after each start: `ActiveEnterTimestampMonotonic=… InvocationID=…`. */
  readonly start: string;
}

export interface HealthFound {
  /** curl's exit code; 0 when there was an answer. */
  readonly curl: number;
  /** The HTTP status; `000` without an answer. */
  readonly status: string;
  readonly body: string;
}

/** Whether the engine says that it is well (engine: HealthStatus.java). */
export function isHealthy({ status, body }: HealthFound): boolean {
  return status === '200' && body.includes('DB Up!');
}

/** Names one stored value: the id of a change to it, and its entry in the marker. */
export function rowId(key: EngineKey, level: string): string {
  return `${key} ${level}`;
}

/** The value stored under a {@link rowId}; undefined where the engine has no such row. */
export function storedAt({ values }: EnginePropertiesFound, row: string): string | undefined {
  const key = ENGINE_KEYS.find(name => row.startsWith(`${name} `));
  return key === undefined ? undefined : values[key]?.[row.slice(key.length + 1)];
}

/**
 * Reads what the probe of engine-probe.ts printed. The lock of the run itself is none to it.
 * @throws {HostError} `engine-config` where the tool is missing, fails or says what cannot be read;
 *   `restart-marker` where the marker's file is damaged.
 */
export function readEngine(reply: Section, ownRun: string): EnginePropertiesFound {
  const parts = reply.stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.split(' '));
  const part = (...head: string[]) => parts.find(fields => head.every((field, i) => fields[i] === field));
  const values: Partial<Record<EngineKey, Record<string, string>>> = {};
  for (const key of ENGINE_KEYS) {
    const list = part('list', key);
    if (list !== undefined) {
      const rows = parts.filter(([kind, of]) => kind === 'row' && of === key);
      values[key] = readRows(key, list, rows, reply.stderr);
    }
  }
  if (values.UserDefinedVMProperties === undefined || values.CustomDeviceProperties === undefined) {
    throw toolError('engine-config', reply.exitCode, '', reply.stderr);
  }
  const [lock, hosted, marker] = [part('lock'), part('hosted'), part('marker')];
  const health = part('health');
  return {
    values,
    charmap: part('charmap')?.[1] ?? '',
    unit: readUnit(part('unit')),
    lock: lock === undefined ? null : othersLock(parseLock(lock[1] ?? '', decode(lock[2])), ownRun),
    hosted: hosted === undefined ? null : readHosted(decode(hosted[2])),
    marker: marker === undefined ? null : readMarker(decode(marker[1])),
    health:
      health === undefined
        ? null
        : { curl: Number(health[1]), status: health[2] ?? '000', body: decode(health[3]) },
  };
}

function othersLock(lock: EngineLockFound, ownRun: string): EngineLockFound | null {
  return lock.run === ownRun ? null : lock;
}

type Fields = readonly string[];

function readRows(
  key: EngineKey,
  list: Fields,
  rows: readonly Fields[],
  stderr: string,
): Record<string, string> {
  const command = `engine-config -g ${key}`;
  const [, , exit = '', said] = list;
  if (exit !== '0') {
    throw toolError(command, Number(exit), decode(said), stderr);
  }
  const values = rows.length > 0 ? readSingly(key, rows, stderr) : readList(key, decode(said));
  if (values === undefined || Object.keys(values).length === 0) {
    throw toolError(command, 0, decode(said), stderr);
  }
  return values;
}

/** `KEY: VALUE version: LEVEL`, a line a level, in no order. */
function readList(key: EngineKey, listing: string): Record<string, string> | undefined {
  const found: [string, string][] = [];
  for (const line of listing.replace(/\n$/, '').split('\n')) {
    const [, value, level] = /^[A-Za-z]+: (.*) version: (\d[\d.]*)$/s.exec(line) ?? [];
    if (value === undefined || level === undefined || !line.startsWith(`${key}: `)) {
      return undefined;
    }
    found.push([level, value]);
  }
  return Object.fromEntries(found);
}

/** The answers to `--cver=LEVEL`: the value and one line feed. Levels that were but text in a value do not exist. */
function readSingly(key: EngineKey, rows: readonly Fields[], stderr: string): Record<string, string> {
  const found: [string, string][] = [];
  for (const [, , level = '', exit = '', said] of rows) {
    const text = decode(said);
    if (exit === '0' && text.endsWith('\n')) {
      found.push([level, text.slice(0, -1)]);
    } else if (!text.includes('no such entry')) {
      throw toolError(`engine-config -g ${key} --cver=${level}`, Number(exit), text, stderr);
    }
  }
  return Object.fromEntries(found);
}

function readUnit(fields: Fields | undefined): UnitFound {
  const properties = decode(fields?.[2])
    .split('\n')
    .filter(line => line !== '');
  const state = properties.find(line => line.startsWith('ActiveState='))?.slice('ActiveState='.length);
  return {
    state: fields?.[1] === '0' && state ? state : 'unknown',
    start: properties
      .filter(line => !line.startsWith('ActiveState='))
      .toSorted()
      .join(' '),
  };
}

function readMarker(text: string): RestartMarker {
  const marker = parseMarker(text);
  if (marker === undefined) {
    throw new HostError('failed', {
      kind: 'restart-marker',
      step: 'probe',
      message: `${MARKER_FILE} is damaged, so whether ovirt-engine needs a restart cannot be told`,
      hint: `Restart ovirt-engine when it suits (\`systemctl restart ovirt-engine\`), remove ${MARKER_FILE}, and run again.`,
    });
  }
  return marker;
}

function decode(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('utf8');
}

function toolError(command: string, exitCode: number, said: string, stderr: string): HostError {
  const { message, hint } = explainTool(exitCode, said);
  return new HostError('failed', {
    kind: 'engine-config',
    step: 'probe',
    message,
    hint,
    command,
    exitCode,
    stderr: said.trim() === '' ? stderr : said,
  });
}
