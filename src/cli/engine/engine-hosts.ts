import { type Failure, HostError } from '../../core/failure.ts';
import type { Host } from '../../core/host.ts';
import { formatProblem, InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { localDefaults } from '../../inventory/local-defaults.ts';
import { openHosts } from '../../inventory/open-vaulted.ts';
import { matchHosts } from '../../inventory/patterns.ts';
import type { Session } from '../../remote/script/session.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { makeConnector } from '../login/connector.ts';
import type { EngineOptions } from '../options/engine-options.ts';
import { hostKeysOfRun } from '../trust/trust-in-run.ts';

/** The engines that a command is about. */
export interface Engines {
  readonly inventory: Inventory;
  readonly hosts: readonly Host[];
}

/** What an engine's host has answered, or why there is no answer. */
export type EngineAnswer<T> =
  | { readonly name: string; readonly value: T; readonly error: null }
  | {
      readonly name: string;
      readonly outcome: 'failed' | 'unreachable';
      readonly error: Failure;
    };

/**
 * Reads the inventory, and finds the engines in it.
 * @throws {InputError} for anything wrong with the inventory, and where it has no such hosts.
 */
export async function findEngines(options: EngineOptions): Promise<Engines> {
  const inventory = await readInventory(options);
  if (options.engine === undefined && !inventory.groups.has('engine')) {
    throw new InputError([
      {
        message: 'The inventory has no group "engine"',
        hint: 'Name the engine host with --engine PATTERN.',
      },
    ]);
  }
  for (const warning of inventory.warnings) {
    process.stderr.write(`warning: ${printable(formatProblem(warning))}\n`);
  }
  const names = matchHosts(inventory, options.engine ?? 'engine', undefined);
  return { inventory, hosts: await openHosts(inventory, names, localDefaults(options)) };
}

/** Runs scripts on an engine's host, as root. */
export type AskEngine = (fragments: readonly Sh[]) => Promise<readonly Section[]>;

/** Asks all engines at once, each by a connection of its own. No engine's trouble is that of another. */
export async function askEngines<T>(
  { inventory, hosts }: Engines,
  options: EngineOptions,
  ask: (run: AskEngine, host: Host) => Promise<T>,
): Promise<readonly EngineAnswer<T>[]> {
  const connector = await makeConnector(hosts, hostKeysOfRun(hosts, inventory, options), options);
  const { signal } = new AbortController();
  return Promise.all(
    hosts.map(async (host): Promise<EngineAnswer<T>> => {
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
    }),
  ).finally(() => connector.close());
}

// A probe starts a JVM or three.
const SECONDS = 300;

function asRoot(session: Session, host: Host): AskEngine {
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

/** 1 where an engine failed, 4 where one was unreachable, else 0. */
export function exitCodeOf(answers: readonly EngineAnswer<unknown>[]): number {
  const outcomes = answers.flatMap(answer => (answer.error === null ? [] : [answer.outcome]));
  return outcomes.includes('failed') ? 1 : outcomes.length > 0 ? 4 : 0;
}

/** Tells on stderr why engines have not answered. */
export function tellTrouble(answers: readonly EngineAnswer<unknown>[]): void {
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
