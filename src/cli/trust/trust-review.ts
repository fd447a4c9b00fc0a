import type { Failure } from '../../core/failure.ts';
import type { FailureKind } from '../../core/failure-kinds.ts';
import type { HostResult } from '../../core/host-result.ts';
import { fingerprint } from '../../remote/host-keys/host-key.ts';
import { forgetSteps, otherRecords } from '../../remote/host-keys/host-key-failure.ts';
import type { ReviewedKey } from '../../remote/host-keys/host-key-review.ts';
import type { KnownKeys } from '../../remote/host-keys/known-hosts.ts';
import type { KnownKey } from '../../remote/host-keys/known-hosts-lines.ts';
import type { Added } from '../../remote/host-keys/known-hosts-record.ts';
import type { KeyState, TrustRow } from '../../report/trust.ts';
import type { Endpoint } from './trust-endpoints.ts';
import type { Fingerprints } from './trust-fingerprints.ts';

/** A key of a server, and what is to become of it. */
export interface TriedKey extends Omit<ReviewedKey, 'state'> {
  readonly state: KeyState;
}

/** What is known of a server by now. */
export interface Review {
  readonly endpoint: Endpoint;
  readonly known: KnownKeys;
  readonly keys: readonly TriedKey[];
  /** Why it gave no keys, or why they could not be recorded. */
  readonly error: Failure | null;
  readonly ms: number;
}

/** Refuses the new keys that are not among the given fingerprints. */
export function judged(review: Review, fingerprints: Fingerprints | undefined): Review {
  const { target, hosts } = review.endpoint;
  const names = [...hosts, target.name, target.address, target.knownAs, review.known.name];
  const isListed = (key: TriedKey) => fingerprints?.accept(key.fingerprint, names) ?? true;
  return {
    ...review,
    keys: review.keys.map(key =>
      key.state === 'new' && !isListed(key) ? { ...key, state: 'refused' as const } : key,
    ),
  };
}

/** The keys that may be recorded: of a server with a changed or revoked key none. */
export function dueKeys({ keys }: Review): readonly TriedKey[] {
  return keys.some(({ state }) => state === 'changed' || state === 'revoked')
    ? []
    : keys.filter(({ state }) => state === 'new');
}

/** After the due keys went to the file, in the same order. */
export function recorded(review: Review, added: readonly Added[]): Review {
  const due = dueKeys(review);
  return {
    ...review,
    keys: review.keys.map(key => {
      const result = added[due.indexOf(key)];
      return result === undefined
        ? key
        : 'records' in result
          ? { ...key, state: result.kind, records: result.records }
          : { ...key, state: result.kind === 'added' ? 'recorded' : 'known' };
    }),
  };
}

/** Connections may go on through it: it was reached, and its keys are on record. */
export function isTrusted({ keys, error }: Review): boolean {
  return (
    error === null &&
    keys.some(({ state }) => state === 'known' || state === 'recorded') &&
    keys.every(({ state }) => state !== 'changed' && state !== 'revoked')
  );
}

/** The outcome of a server, as that of a host in a run: `drifted` where new keys were left unrecorded. */
export function resultOf(review: Review, trustLine: string): HostResult {
  const error = review.error ?? keyTrouble(review, trustLine);
  const states = new Set(review.keys.map(({ state }) => state));
  const changes = review.keys.filter(({ state }) => state === 'new' || state === 'recorded');
  return {
    outcome:
      review.keys.length === 0
        ? 'unreachable'
        : error !== null
          ? 'failed'
          : states.has('new')
            ? 'drifted'
            : states.has('recorded')
              ? 'changed'
              : 'ok',
    changes: changes.map(({ type, fingerprint: print }) => ({
      resource: 'host-key',
      id: `${review.known.name} ${type}`,
      action: 'record',
      before: null,
      after: print,
    })),
    error,
    notes: [otherRecords(review.known)].filter(note => note !== '' && states.has('new')),
    ms: review.ms,
  };
}

/** What reports show of it. */
export function rowOf(review: Review, trustLine: string): TrustRow {
  const { endpoint, keys, known } = review;
  const { error } = resultOf(review, trustLine);
  return {
    names: endpoint.hosts.length > 0 ? endpoint.hosts : [endpoint.target.name],
    address: endpoint.target.address,
    port: endpoint.target.port,
    keys: keys.map(({ type, fingerprint: print, state, records }) => ({
      type,
      fingerprint: print,
      state,
      onRecord: records.map(recordOf),
    })),
    remark: keys.some(({ state }) => state === 'known') ? '' : otherRecords(known),
    error,
  };
}

/** Why keys of a server that was reached are not recorded; null where nothing speaks against them. */
function keyTrouble({ keys, known }: Review, trustLine: string): Failure | null {
  const [changed, revoked, refused] = (['changed', 'revoked', 'refused'] as const).map(state =>
    keys.filter(key => key.state === state),
  );
  if (revoked && revoked.length > 0) {
    return failure(
      'host-key-revoked',
      'the host presents a revoked key: nothing is recorded',
      'the host needs new host keys; do not trust it until it has them',
    );
  }
  if (changed && changed.length > 0) {
    const records = changed.flatMap(key => key.records);
    return failure(
      'host-key-changed',
      'another key is on record: nothing is recorded, and nothing is overwritten',
      `somebody may stand between; if the host was installed anew, and the fingerprints are its own: ${[...forgetSteps(known.name, records), trustLine].join('; then: ')}`,
    );
  }
  return refused && refused.length > 0
    ? failure(
        'host-key-refused',
        `${refused.length === 1 ? 'a key is' : `${refused.length} keys are`} not among the given fingerprints, and not recorded`,
        'add the fingerprints to the file only if the host itself shows them (there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub)',
      )
    : null;
}

function failure(kind: FailureKind, message: string, hint: string): Failure {
  return { kind, message, step: 'trust', command: null, exitCode: null, stderr: null, hint };
}

function recordOf({ type, key, place }: KnownKey) {
  return { type, fingerprint: fingerprint(key), ...place };
}
