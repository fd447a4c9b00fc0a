import { printable } from '../core/printable.ts';
import type { Paint } from './paint.ts';

/** A host key that is not on record, and who presented it. */
export interface UnknownKey {
  /** The host's name in the inventory; of a jump host what the user wrote of it. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly type: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** What else is to be known about it; may be empty. */
  readonly remark: string;
}

/** All the keys of a run that are not on record. */
export interface UnknownKeys {
  readonly keys: readonly UnknownKey[];
  /** What to type to trust them. */
  readonly command: string;
}

/** The `kind` of the failure of a host that is in such a list. */
export const HOST_KEY_UNKNOWN = 'host-key-unknown';

/** One list of all hosts whose keys are not on record, with what to do: lines below a heading that names them. */
export function unknownKeysLines({ keys, command }: UnknownKeys, paint: Paint): string[] {
  const remarks = new Map<string, string[]>();
  for (const { name, remark } of sorted(keys)) {
    if (remark !== '') {
      remarks.set(remark, [...(remarks.get(remark) ?? []), name]);
    }
  }
  return [
    keys.length === 1 ? '  its key is not in known_hosts' : '  their keys are not in known_hosts',
    ...keyTable(keys),
    ...[...remarks].map(([remark, names]) => `  ${printable(`${names.join(', ')}: ${remark}`)}`),
    `  ${paint.dim('at: connect')}`,
    "  hint: compare the fingerprints with the hosts' own (there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub, or _ecdsa_, _rsa_), then:",
    `    ${printable(command)}`,
  ];
}

/** One list of the keys that a run has recorded, since it was told to accept new ones. */
export function recordedKeysText(keys: readonly UnknownKey[], files: readonly string[]): string {
  const what =
    keys.length === 1 ? 'a host key was new and was' : `${keys.length} host keys were new and were`;
  return [`${what} recorded (accept-new) in ${files.map(printable).join(', ')}:`, ...keyTable(keys)].join(
    '\n',
  );
}

function keyTable(keys: readonly UnknownKey[]): string[] {
  const rows = sorted(keys).map(({ name, address, port, type, fingerprint }) => [
    name,
    address,
    String(port),
    type,
    fingerprint,
  ]);
  return table(rows).map(line => `    ${line}`);
}

/** Rows with their columns one below the other; what could drive the terminal becomes visible. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map(row => row.map(printable));
  const widths = (shown[0] ?? []).map((_, column) => Math.max(...shown.map(row => row[column]?.length ?? 0)));
  return shown.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function sorted(keys: readonly UnknownKey[]): readonly UnknownKey[] {
  return keys.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}
