import { createHash } from 'node:crypto';

/**
 * What was true before the first write: it makes the need for a restart a state of the host, so that no interrupted run
 * forgets one and none causes a needless one. The engine reads these keys at its start only (engine:
 * InitBackendServicesOnStartupBean.java), so what it runs with is what the values were at that start.
 */
export interface RestartMarker {
  /** Which start of ovirt-engine ran then, as {@link UnitFound.start}. */
  readonly start: string;
  /** By `KEY LEVEL`: the digest of the value that this start has read. */
  readonly digests: Readonly<Record<string, string>>;
}

/** SHA-256 of a value's UTF-8 text, in hexadecimal digits. */
export function digest(value: string): string {
  return createHash('sha256').update(value, 'utf8').digest('hex');
}

/** Reads a marker's file; undefined when it is no marker. */
export function parseMarker(text: string): RestartMarker | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('start' in value) || !('digests' in value)) {
    return undefined;
  }
  const { start, digests } = value;
  if (typeof start !== 'string' || typeof digests !== 'object' || digests === null) {
    return undefined;
  }
  const entries = Object.entries(digests).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return entries.length === Object.keys(digests).length
    ? { start, digests: Object.fromEntries(entries) }
    : undefined;
}

/**
 * The marker for a run that is about to overwrite values. What an interrupted run noted of the same start wins: its
 * values are older, and the engine still runs with them.
 *
 * @param overwritten the old values, by `KEY LEVEL`.
 */
export function nextMarker(
  previous: RestartMarker | null,
  start: string,
  overwritten: Readonly<Record<string, string>>,
): RestartMarker {
  const fresh = Object.fromEntries(Object.entries(overwritten).map(([row, value]) => [row, digest(value)]));
  return { start, digests: { ...fresh, ...(previous?.start === start ? previous.digests : {}) } };
}

/** The rows of which a value now differs from the one noted; a row that is gone does not count. */
export function rewrittenRows(
  marker: RestartMarker,
  stored: (row: string) => string | undefined,
): readonly string[] {
  return Object.entries(marker.digests)
    .filter(([row, noted]) => {
      const value = stored(row);
      return value !== undefined && digest(value) !== noted;
    })
    .map(([row]) => row);
}
