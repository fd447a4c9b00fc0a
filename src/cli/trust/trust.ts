import pLimit from 'p-limit';
import { HostError } from '../../core/failure.ts';
import type { Host } from '../../core/host.ts';
import type { RunResult } from '../../core/host-result.ts';
import { formatProblem } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { reviewHostKeys } from '../../remote/host-keys/host-key-review.ts';
import type { KnownHosts } from '../../remote/host-keys/known-hosts.ts';
import { scanHostKeys } from '../../remote/host-keys/scan.ts';
import { makePaint } from '../../report/paint.ts';
import { totalsLine } from '../../report/summary.ts';
import { recordedText, trustText } from '../../report/trust.ts';
import { exitCode } from '../../run/exit-code.ts';
import type { Interrupt } from '../../run/run.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { defaultForks } from '../options/forks.ts';
import { allOrProblems } from '../plays/gather-problems.ts';
import { confirm } from '../terminal/confirm.ts';
import { listenForInterrupts } from '../terminal/interrupt.ts';
import { type Endpoint, endpointsOf } from './trust-endpoints.ts';
import { type Fingerprints, readFingerprints } from './trust-fingerprints.ts';
import { refuseUnwritable, refuseWithoutConsent, selectHosts, type TrustOptions } from './trust-input.ts';
import { trustLine } from './trust-line.ts';
import { trustJson } from './trust-report.ts';
import { dueKeys, isTrusted, judged, type Review, recorded, resultOf, rowOf } from './trust-review.ts';
import { openTrustWays, type TrustWays } from './trust-ways.ts';

/**
 * The command `trust`: gathers the host keys of hosts, shows their fingerprints, and records them on consent. Jump hosts
 * come first: what is behind them is asked through them once they are trusted.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the input, and where nobody can consent.
 */
export async function trust(patterns: readonly string[], options: TrustOptions): Promise<number> {
  refuseWithoutConsent(options);
  const [inventory, fingerprints] = await allOrProblems([
    readInventory(options),
    options.fingerprints === undefined ? Promise.resolve(undefined) : readFingerprints(options.fingerprints),
  ]);
  const hosts = await selectHosts(inventory, patterns, options);
  const ways = await openTrustWays(hosts, inventory, options);
  await refuseUnwritable(ways.targets, ways.knownHosts);
  // Not earlier: at a question for a passphrase an interrupt ends the program.
  const interrupt = listenForInterrupts(say);
  try {
    for (const warning of inventory.warnings) {
      say(`warning: ${printable(formatProblem(warning))}`);
    }
    const work: Work = { inventory, options, fingerprints, ways, interrupt };
    const reviews = new Map<Endpoint, Review>();
    for (const { endpoint, error } of ways.lost) {
      reviews.set(endpoint, await lostReview(endpoint, error, work));
    }
    for (const level of endpointsOf(ways.targets)) {
      await trustLevel(level, reviews, work);
    }
    return finish([...reviews.values()], hosts, work);
  } finally {
    ways.close();
    interrupt.dispose();
  }
}

interface Work {
  readonly inventory: Inventory;
  readonly options: TrustOptions;
  readonly fingerprints: Fingerprints | undefined;
  readonly ways: TrustWays;
  readonly interrupt: Interrupt;
}

/** Asks servers for their keys, shows them, and records what is consented to. */
async function trustLevel(
  level: readonly Endpoint[],
  reviews: Map<Endpoint, Review>,
  work: Work,
): Promise<void> {
  const { options, fingerprints, ways, interrupt } = work;
  const limit = pLimit(options.forks ?? defaultForks());
  if (!options.json) {
    say(`asking ${level.length === 1 ? 'one host' : `${level.length} hosts`} for host keys`);
  }
  const scanned = await Promise.all(
    level.map(endpoint => limit(() => scan(endpoint, reviews, ways, interrupt.stop))),
  );
  const found = scanned.flatMap(review => (review ? [judged(review, fingerprints)] : []));
  show(found, work);
  const consented = await consents(found, options, interrupt.stop);
  const after = consented ? await record(found, ways.knownHosts) : found;
  for (const review of after) {
    reviews.set(review.endpoint, review);
  }
  const rows = after.map(review => rowOf(review, lineFor(review, work)));
  if (!options.json && rows.some(row => row.keys.some(({ state }) => state === 'recorded'))) {
    const files = new Set(after.map(({ known }) => known.file));
    process.stdout.write(`${recordedText(rows, [...files])}\n`);
  }
}

function show(reviews: readonly Review[], work: Work): void {
  const rows = reviews.map(review => rowOf(review, lineFor(review, work)));
  if (!work.options.json && rows.length > 0) {
    process.stdout.write(`${trustText(rows, makePaint(process.stdout, process.env))}\n`);
  }
}

/** Undefined if it was not asked, because the user has had enough. */
async function scan(
  endpoint: Endpoint,
  reviews: ReadonlyMap<Endpoint, Review>,
  { knownHosts, open, limits }: TrustWays,
  signal: AbortSignal,
): Promise<Review | undefined> {
  const { target, via } = endpoint;
  const startedAt = performance.now();
  const known = await knownHosts.lookup(target);
  const review = (keys: Review['keys'], error: Review['error']): Review => ({
    endpoint,
    known,
    keys,
    error,
    ms: Math.round(performance.now() - startedAt),
  });
  const hop = via && reviews.get(via);
  if (hop && !isTrusted(hop)) {
    const { failure } = new HostError('unreachable', {
      kind: 'jump-host',
      step: 'connect',
      message: `the jump host ${hop.endpoint.target.name} is not trusted, so nothing behind it is asked`,
      hint: 'see what is said of the jump host itself',
    });
    return review([], failure);
  }
  try {
    signal.throwIfAborted();
    return review(reviewHostKeys(await scanHostKeys(target, { open, limits, signal }), known), null);
  } catch (error) {
    if (signal.aborted) {
      return undefined;
    }
    if (error instanceof HostError) {
      return review([], error.failure);
    }
    throw error;
  }
}

/** Of a host that could not even be looked for. */
async function lostReview(endpoint: Endpoint, { failure }: HostError, work: Work): Promise<Review> {
  const known = await work.ways.knownHosts.lookup(endpoint.target);
  const review: Review = { endpoint, known, keys: [], error: failure, ms: 0 };
  show([review], work);
  return review;
}

async function consents(
  found: readonly Review[],
  { fingerprints, yes }: TrustOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const due = found.filter(review => dueKeys(review).length > 0);
  if (due.length === 0 || signal.aborted) {
    return false;
  }
  if (yes || fingerprints !== undefined) {
    return true;
  }
  const keys = due.flatMap(dueKeys).length;
  const hosts = due.reduce((sum, { endpoint }) => sum + Math.max(1, endpoint.hosts.length), 0);
  const files = [...new Set(due.map(({ known }) => known.file))].join(', ');
  const them = `${keys === 1 ? 'this key' : `these ${keys} keys`} of ${hosts === 1 ? 'one host' : `${hosts} hosts`}`;
  say(
    "Compare the fingerprints with the hosts' own: there, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
  );
  return confirm(`Record ${them} in ${printable(files)}?`, signal);
}

/** All keys of one file in one writing. */
async function record(found: readonly Review[], knownHosts: KnownHosts): Promise<readonly Review[]> {
  return Promise.all(
    found.map(async review => {
      const { name, file } = review.known;
      const additions = dueKeys(review).map(({ key }) => ({ name, key, firstOnly: false }));
      if (additions.length === 0) {
        return review;
      }
      try {
        return recorded(review, await knownHosts.record(file, additions));
      } catch (error) {
        const { failure } = new HostError('failed', {
          kind: 'known-hosts-write',
          step: 'trust',
          message: `the keys could not be recorded in ${file}: ${(error as Error).message}`,
        });
        return { ...review, error: failure };
      }
    }),
  );
}

function finish(reviews: readonly Review[], hosts: readonly Host[], work: Work): number {
  const { interrupt, options } = work;
  const ended = reviews.map(review => ({
    review,
    result: resultOf(review, lineFor(review, work)),
    row: rowOf(review, lineFor(review, work)),
  }));
  const run = (results: RunResult['hosts']): RunResult => ({
    command: 'trust',
    hosts: results,
    stopped: null,
    interrupted: interrupt.stop.aborted,
  });
  // A jump host with a changed key counts, though it is no host of the inventory.
  const code = exitCode(run(new Map(ended.map(({ result }, i) => [String(i), result]))));
  const ofHosts = new Map(
    ended.flatMap(({ review, result }) => review.endpoint.hosts.map(name => [name, result])),
  );
  process.stdout.write(
    options.json
      ? `${trustJson(ended, hosts, run(ofHosts), code)}\n`
      : `${totalsLine(run(ofHosts), makePaint(process.stdout, process.env))}\n`,
  );
  return code;
}

function lineFor({ endpoint }: Review, { inventory, options }: Work): string {
  return trustLine(
    inventory,
    endpoint.hosts.length > 0 ? endpoint.hosts : [...inventory.hosts.keys()],
    options,
  );
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
