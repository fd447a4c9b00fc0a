import type { RunResult } from '../../core/host-result.ts';
import { InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { batchesOf } from '../../run/batches.ts';
import type { FirstBatch, RunPlay } from '../../run/run.ts';
import { dueHosts } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';
import { confirm } from './confirm.ts';

/** Questions need a person on both ends; elsewhere changes are made without asking. */
export function canAsk({ yes, json }: Pick<FleetOptions, 'yes' | 'json'>): boolean {
  return !yes && !json && process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Refuses plays that want an answer where nobody can give one, before any host is contacted.
 *
 * @throws {InputError} that names the option that is missing.
 */
export function refuseUnanswerable(plays: readonly RunPlay[], options: FleetOptions): void {
  if (options.yes || canAsk(options)) {
    return;
  }
  const asking = plays.filter(play => play.confirm && batchesOf(play.hosts, play.serial).length > 1);
  if (asking.length > 0) {
    throw new InputError(
      asking.map(({ name }) => ({
        message: `The play "${name}" asks after its first batch (confirm: true), and nobody can answer here`,
        hint: 'Give --yes to go on without an answer, or run it on a terminal without --json.',
      })),
    );
  }
}

/**
 * Asks whether the plan that was shown is to be carried out. Where nothing would be changed there is nothing to ask: it
 * goes on only where there is something to list, or a play's own verification to run.
 */
export async function agreesTo(
  preview: RunResult,
  plays: readonly RunPlay[],
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) {
    return false;
  }
  const due = dueHosts(preview).length;
  return due > 0
    ? confirm(`Change ${due === 1 ? 'this host' : `these ${due} hosts`}?`, signal)
    : plays.some(play => play.verify !== undefined) ||
        [...preview.hosts.values()].some(({ outcome }) => outcome === 'drifted');
}

/** Shows what became of a play's first batch, and asks whether the others shall follow. */
export function askAfterFirstBatch(
  summaryOf: (result: RunResult) => string,
  signal: AbortSignal,
): (ended: FirstBatch) => Promise<boolean> {
  return ({ play, hosts, results }) => {
    const left = hosts - results.size;
    const happened = summaryOf({ command: 'apply', hosts: results, stopped: null, interrupted: false });
    process.stderr.write(`${happened}\n`);
    const others = left === 1 ? 'the other host' : `the other ${left} hosts`;
    return confirm(`This was the first batch of "${printable(play)}". Go on with ${others}?`, signal);
  };
}
