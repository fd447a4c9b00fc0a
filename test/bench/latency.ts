import { type Sh, sh } from '../../src/core/sh.ts';
import { connect } from '../../src/remote/connect.ts';
import { identitiesOf } from '../../src/remote/login/identities.ts';
import type { LabHost } from '../lab/host.ts';
import { labKeys } from '../lab/keys.ts';
import { knownHostsText } from '../remote/known.ts';
import { startSlowLink } from '../remote/slow-link.ts';

/** What a script costs over a slow link, from the `connect` event to its result, less its own run time. */
export interface Latency {
  readonly name: string;
  /** Medians, in round trips of the link. */
  readonly login: number;
  readonly result: number;
}

/** Each way, in milliseconds. */
export const DELAY_MS = 50;

/** How many round trips an unchanged host may cost. */
export const MOST_ROUND_TRIPS = 8.6;

/**
 * Runs a probe on a host over a link that is slow in both directions: as it is, so that it goes along with the command,
 * and made longer, so that it goes by stdin.
 */
export async function measureLatency(
  host: LabHost,
  probe: string,
  rounds: number,
): Promise<readonly Latency[]> {
  const sides = [
    ['hookfleet, the script in the command', sh`eval ${probe}`],
    ['hookfleet, a script of 100 KB on stdin', sh`eval ${probe}; : ${'x'.repeat(100_000)}`],
  ] as const;
  const link = await startSlowLink({ host: host.address, port: 22 }, DELAY_MS);
  try {
    const rows: Latency[] = [];
    for (const [name, fragment] of sides) {
      const runs: { readonly login: number; readonly result: number }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        runs.push(await once(host, link.port, fragment));
      }
      const median = (pick: 'login' | 'result') =>
        runs.map(run => run[pick] / (2 * DELAY_MS)).sort((a, b) => a - b)[Math.floor(rounds / 2)] ??
        Number.NaN;
      rows.push({ name, login: median('login'), result: median('result') });
    }
    return rows;
  } finally {
    await link.close();
  }
}

const NOW = sh`date +%s%N`;

async function once({ hostKeys }: LabHost, port: number, fragment: Sh) {
  const known = hostKeys.map(key => `[127.0.0.1]:${port} ${key}`).join('\n');
  const { privateKeyFile } = labKeys();
  const startedAt = performance.now();
  const session = await connect(
    { name: 'host', address: '127.0.0.1', port, user: 'root', privateKeyFile },
    { knownHosts: knownHostsText(known), identities: identitiesOf() },
  );
  const login = performance.now() - startedAt;
  try {
    const options = { become: true, timeoutSeconds: 60, stopAtFailure: false };
    const replies = await session.run([NOW, fragment, NOW], options);
    const all = performance.now() - startedAt;
    const [begin, end] = [replies[0], replies[2]].map(reply => Number(reply?.stdout) / 1e6);
    return { login, result: all - ((end ?? Number.NaN) - (begin ?? Number.NaN)) };
  } finally {
    session.close();
  }
}
