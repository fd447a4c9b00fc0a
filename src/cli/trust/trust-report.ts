import type { Host } from '../../core/host.ts';
import type { HostResult, RunResult } from '../../core/host-result.ts';
import { jsonReport, jsonText } from '../../report/json.ts';
import type { TrustRow } from '../../report/trust.ts';
import { readVersion } from '../version.ts';
import type { Review } from './trust-review.ts';

/** A server and what came of it. */
export interface Ended {
  readonly review: Review;
  readonly result: HostResult;
  readonly row: TrustRow;
}

/**
 * The document of `trust --json`: that of every run, each host with its address, port and keys besides; jump hosts that
 * are no hosts of the inventory stand apart.
 */
export function trustJson(
  ended: readonly Ended[],
  hosts: readonly Host[],
  result: RunResult,
  exitCode: number,
): string {
  const withKeys = ({
    result: { outcome, changes, error, notes, ms },
    row: { address, port, keys },
  }: Ended) => ({
    outcome,
    address,
    port,
    keys,
    changes,
    error,
    notes,
    ms,
  });
  const ofHosts = hosts.flatMap(({ name }) => {
    const found = ended.find(({ review }) => review.endpoint.hosts.includes(name));
    return found ? [[name, withKeys(found)] as const] : [];
  });
  const jumpHosts = ended.flatMap(one =>
    one.review.endpoint.hosts.length === 0 ? [[one.review.endpoint.target.name, withKeys(one)] as const] : [],
  );
  const { hosts: _, ...head } = jsonReport(result, exitCode, readVersion());
  return jsonText({
    ...head,
    hosts: Object.fromEntries(ofHosts),
    jumpHosts: Object.fromEntries(jumpHosts),
  });
}
