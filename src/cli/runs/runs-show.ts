import type { HostResult } from '../../core/host-result.ts';
import { printable } from '../../core/printable.ts';
import { sh } from '../../core/sh.ts';
import { duration } from '../../report/duration.ts';
import { jsonText, totals } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { localTime } from '../../report/runs/runs.ts';
import { summary } from '../../report/summary.ts';
import type { RunRecord } from '../../run/record.ts';
import { findRun } from './find-run.ts';
import { type RecordOptions, recordFolder } from './record-place.ts';
import { LAST } from './rerun-words.ts';
import { stateOf, whoRan } from './runs.ts';

export interface RunsShowOptions extends RecordOptions {
  readonly diff?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/**
 * The command `runs show`: what a run was asked, and the summary that stood at its end.
 *
 * @returns the exit code.
 * @throws {InputError} where there is no such run.
 */
export async function showRun(run: string | undefined, options: RunsShowOptions): Promise<number> {
  const { diff = false, verbose = false, json, ...place } = options;
  const record = await findRun(recordFolder(place, process.env), run ?? LAST);
  const text = json ? jsonText(documentOf(record)) : page(record, { diff, verbose });
  process.stdout.write(`${text}\n`);
  return 0;
}

/** The document of the run's own `--json`, and what else its record has. */
function documentOf(record: RunRecord): object {
  const { asked, end, result } = record;
  const { hookfleet, command, ...others } = asked;
  return {
    hookfleet,
    command,
    exitCode: end?.exitCode ?? null,
    totals: totals(result),
    hosts: Object.fromEntries(result.hosts) satisfies Record<string, HostResult>,
    run: {
      ...others,
      state: stateOf(record).kind,
      endedAt: end?.at ?? null,
      ms: end?.ms ?? null,
      stopped: result.stopped,
      previewOnly: record.previewOnly,
    },
  };
}

function page(record: RunRecord, how: { readonly diff: boolean; readonly verbose: boolean }): string {
  const { asked, result } = record;
  const paint = makePaint(process.stdout, process.env);
  const aliases = new Map(
    Object.entries(asked.addresses).map(([name, address]) => [name, [withoutPort(address)]]),
  );
  return [
    `${paint.bold(printable(asked.id))}: ${printable(sh`hookfleet ${asked.typed}`.text)}`,
    printable(`by ${whoRan(record)}, ${localTime(asked.startedAt)}, ${ending(record)}`),
    '',
    summary(result, { ...how, quiet: false, aliases, paint }),
  ].join('\n');
}

function withoutPort(address: string): string {
  const [, bracketed, plain] = /^(?:\[(.+)\]|([^:]+)):\d+$/.exec(address) ?? [];
  return bracketed ?? plain ?? address;
}

function ending(record: RunRecord): string {
  const state = stateOf(record);
  switch (state.kind) {
    case 'running':
      return 'still running';
    case 'no-end':
      return 'did not end: it was killed, or its record could not be written';
    case 'ended': {
      const what = state.previewOnly ? ', only the preview: nothing was changed' : '';
      return `took ${duration(state.ms)}, exit code ${state.exitCode}${what}`;
    }
  }
}
