import pLimit from 'p-limit';
import { type Failure, HostError } from '../../core/failure.ts';
import type { Host } from '../../core/host.ts';
import { printable } from '../../core/printable.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Session } from '../../remote/script/session.ts';
import { defaultForks } from '../options/forks.ts';
import type { FleetOptions } from '../options/options.ts';
import { hostKeysOfRun } from '../trust/trust-in-run.ts';
import { makeConnector } from './connector.ts';

/** The hosts that a command asks, and the inventory that they stand in. */
export interface AskedHosts {
  readonly inventory: Inventory;
  readonly hosts: readonly Host[];
}

/** What a host has answered, or why there is no answer. */
export type HostAnswer<T> =
  | { readonly name: string; readonly value: T; readonly error: null }
  | {
      readonly name: string;
      readonly outcome: 'failed' | 'unreachable';
      readonly error: Failure;
    };

/** Runs scripts on a host, as root. */
export type AskHost = (fragments: readonly Sh[]) => Promise<readonly Section[]>;

/** Asks hosts, `--forks` at once, each by a connection of its own. No host's trouble is that of another. */
export async function askHosts<T>(
  { inventory, hosts }: AskedHosts,
  options: FleetOptions,
  ask: (run: AskHost, host: Host) => Promise<T>,
): Promise<readonly HostAnswer<T>[]> {
  const connector = await makeConnector(hosts, hostKeysOfRun(hosts, inventory, options), options);
  const { signal } = new AbortController();
  const atOnce = pLimit(options.forks ?? defaultForks());
  return atOnce
    .map(hosts, async (host): Promise<HostAnswer<T>> => {
      let session: Session | undefined;
      try {
        session = await connector.connect(host, signal);
        return { name: host.name, value: await ask(asRoot(session, host), host), error: null };
      } catch (error) {
        if (error instanceof HostError) {
          return { name: host.name, outcome: error.outcome, error: error.failure };
        }
        throw error;
      } finally {
        session?.close();
      }
    })
    .finally(() => connector.close());
}

// A probe starts a JVM or three.
const SECONDS = 300;

function asRoot(session: Session, host: Host): AskHost {
  return async fragments => {
    const [who, ...replies] = await session.run([sh`id -u`, ...fragments], {
      become: host.become ?? true,
      timeoutSeconds: SECONDS,
      stopAtFailure: false,
    });
    if (who?.stdout.trim() !== '0') {
      throw new HostError('failed', {
        kind: 'become',
        step: 'become',
        message: 'The login user is not root, and the inventory says not to become root',
        hint: 'Take `ansible_become=false` away, or log in as root.',
      });
    }
    return replies;
  };
}

/** 1 where a host failed, 4 where one was unreachable, else 0. */
export function exitCodeOf(answers: readonly HostAnswer<unknown>[]): number {
  const outcomes = answers.flatMap(answer => (answer.error === null ? [] : [answer.outcome]));
  return outcomes.includes('failed') ? 1 : outcomes.length > 0 ? 4 : 0;
}

/** Tells on stderr why hosts have not answered. */
export function tellTrouble(answers: readonly HostAnswer<unknown>[]): void {
  for (const answer of answers) {
    if (answer.error !== null) {
      const { message, hint, stderr } = answer.error;
      const said = stderr?.trim() ? `\n${stderr.trimEnd().replaceAll(/^/gm, '    | ')}` : '';
      const advice = hint === null ? '' : `\n  hint: ${hint}`;
      process.stderr.write(
        `${printable(`${answer.outcome}: ${answer.name}\n  ${message}${said}${advice}`)}\n`,
      );
    }
  }
}
