import type { Failure } from '../core/failure.ts';
import { printable } from '../core/printable.ts';
import type { Paint } from './paint.ts';
import { table } from './unknown-hosts.ts';
import { count } from './words.ts';

/** A key on record, and where. */
export interface RecordedKey {
  readonly type: string;
  readonly fingerprint: string;
  readonly file: string;
  readonly line: number;
}

/**
 * What is to be said of a key: `known`: on record; `new`: not on record; `recorded`: it was new; `refused`: not among the
 * fingerprints that the user has given; `changed`: another one is on record; `revoked`.
 */
export type KeyState = 'known' | 'new' | 'recorded' | 'refused' | 'changed' | 'revoked';

export interface TrustKey {
  readonly type: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  readonly state: KeyState;
  /** What is on record in its place. */
  readonly onRecord: readonly RecordedKey[];
}

/** One SSH server and its keys. */
export interface TrustRow {
  /** The hosts that it is in the inventory; for a jump host what the user wrote of it. */
  readonly names: readonly string[];
  readonly address: string;
  readonly port: number;
  readonly keys: readonly TrustKey[];
  /** What else is on record for it; may be empty. */
  readonly remark: string;
  /** Why there are no keys, or why they are not recorded. */
  readonly error: Failure | null;
}

/** The keys of servers, for people: what is in order first, what needs somebody last. */
export function trustText(rows: readonly TrustRow[], paint: Paint): string {
  return [...rows]
    .sort((a, b) => Number(a.error !== null) - Number(b.error !== null))
    .map(row => rowText(row, paint))
    .join('\n');
}

/** `recorded 6 keys of 2 hosts in /home/ann/.ssh/known_hosts`. */
export function recordedText(rows: readonly TrustRow[], files: readonly string[]): string {
  const keys = rows.flatMap(row => row.keys.filter(({ state }) => state === 'recorded'));
  const hosts = rows.flatMap(row => (row.keys.some(({ state }) => state === 'recorded') ? row.names : []));
  return `recorded ${count(keys.length, 'key')} of ${count(hosts.length, 'host')} in ${files.map(printable).join(', ')}`;
}

function rowText({ names, address, port, keys, remark, error }: TrustRow, paint: Paint): string {
  const endpoint = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const cells = keys.flatMap(({ state, type, fingerprint, onRecord }) => [
    [state, type, fingerprint, ''],
    ...onRecord.map(old => ['', old.type, old.fingerprint, `on record: ${old.file}:${old.line}`]),
  ]);
  return [
    `${paint.bold(names.map(printable).join(', '))}  ${printable(endpoint)}`,
    ...table(cells).map(line => `  ${paintState(line, paint)}`),
    ...(remark === '' ? [] : [`  note: ${printable(remark)}`]),
    ...(error === null ? [] : [`  ${paint.error(printable(error.message))}`]),
    ...(error?.hint ? [`  hint: ${printable(error.hint)}`] : []),
  ].join('\n');
}

function paintState(line: string, paint: Paint): string {
  return line
    .replace(/^(?:changed|revoked|refused)/, word => paint.error(word))
    .replace(/^new/, word => paint.warning(word));
}
