import { HostError } from '../core/failure.ts';
import type { HostResult, RunResult } from '../core/host-result.ts';
import { mergeResults } from './merge.ts';
import type { HostLine, RunAsked, RunEnd } from './record-line.ts';
import { parseLine } from './record-parse.ts';

/** A run as its record tells it. */
export interface RunRecord {
  readonly asked: RunAsked;
  /** Null for a run that did not come to its end: it goes on, or was killed. */
  readonly end: RunEnd | null;
  /** It only looked, since the answer to its question was no, or has not been given. */
  readonly previewOnly: boolean;
  /** Of a run without an end, hosts that it was not done with are `cancelled`. */
  readonly result: RunResult;
}

/**
 * Reads the text of a record. What was cut off at its end, or is no line of a record, counts for nothing.
 *
 * @returns undefined for what is no record, or one of a later format.
 */
export function readRecord(text: string): RunRecord | undefined {
  const lines = text.split('\n').flatMap(line => parseLine(line) ?? []);
  const [first] = lines;
  if (first?.type !== 'begin') {
    return undefined;
  }
  const { asked } = first;
  let hosts: HostLine[] = [];
  let changing = new Set<string>();
  let applied = false;
  let end: RunEnd | null = null;
  for (const line of lines) {
    if (line.type === 'pass') {
      [hosts, changing, applied] = [[], new Set(), line.apply];
    } else if (line.type === 'host') {
      hosts.push(line);
    } else if (line.type === 'changing') {
      changing.add(keyOf(line));
    } else if (line.type === 'end') {
      ({ end } = line);
    }
  }
  const open = end === null ? openHosts(asked, hosts, changing) : [];
  return {
    asked,
    end,
    previewOnly: asked.changes && !applied,
    result: {
      command: asked.command,
      hosts: merged(asked, [...hosts, ...open]),
      stopped: end?.stopped ?? null,
      interrupted: end?.interrupted ?? false,
    },
  };
}

/** The hosts that a run without an end was not done with, play by play. */
function openHosts(
  { plays }: RunAsked,
  done: readonly HostLine[],
  changing: ReadonlySet<string>,
): HostLine[] {
  const ended = new Set(done.map(keyOf));
  return plays.flatMap(({ hosts }, play) =>
    hosts
      .map(host => ({ play, host }))
      .filter(one => !ended.has(keyOf(one)))
      .map(one => ({ type: 'host' as const, ...one, result: cutOff(changing.has(keyOf(one))) })),
  );
}

function keyOf({ play, host }: { readonly play: number; readonly host: string }): string {
  return `${play} ${host}`;
}

function cutOff(wasChanged: boolean): HostResult {
  const { failure } = new HostError('failed', {
    kind: 'no-end',
    step: wasChanged ? 'change' : 'start',
    message: wasChanged
      ? 'The run has no end, and was changing this host'
      : 'The run has no end, and was not done with this host',
    hint: wasChanged ? 'Run it again: it goes on from what is there.' : null,
  });
  return { outcome: 'cancelled', changes: [], error: failure, notes: [], ms: 0 };
}

/** In the order in which the run has them, whichever host ended first. */
function merged({ plays }: RunAsked, lines: readonly HostLine[]): Map<string, HostResult> {
  const byKey = new Map(lines.map(line => [keyOf(line), line.result]));
  const results = new Map<string, HostResult>();
  for (const [play, { hosts }] of plays.entries()) {
    for (const host of hosts) {
      const result = byKey.get(keyOf({ play, host }));
      if (result !== undefined) {
        results.set(host, mergeResults(results.get(host), result));
      }
    }
  }
  return results;
}
