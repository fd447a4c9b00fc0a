import type { Inventory } from '../../inventory/inventory.ts';
import type { RunPlay } from '../../run/run.ts';
import type { Connect } from '../../run/sessions.ts';
import type { FleetOptions } from '../options/options.ts';
import { type ViewedPlay, viewedPlays } from './engine-view.ts';
import { engineOfRun } from './run-engine.ts';

/** Once the engine is healthy its API answers within seconds; a host's capabilities take some more. */
const PATIENCE = { seconds: 60, everyMs: 1000 };

/** What a run has to do with the engine's API. */
export interface ViewOfRun {
  /** The plays as they are run. @param apply whether anything is changed. */
  playsFor(apply: boolean): readonly RunPlay[];
  /** Logs out. */
  close(): Promise<void>;
}

/**
 * Finds the engine that a run asks, and asks for its password where that is needed.
 *
 * @param sayNote takes what the user should know.
 * @returns what begins the view once the run can reach hosts; nothing is contacted before the first question.
 * @throws {InputError} for access to the API that is needed and not given, or cannot be used.
 */
export async function viewOfRun(
  plays: readonly ViewedPlay[],
  inventory: Inventory,
  options: FleetOptions,
  sayNote: (note: string) => void,
): Promise<(connect: Connect, signal: AbortSignal) => ViewOfRun> {
  const engine = await engineOfRun(plays, inventory, options, sayNote);
  return (connect, signal) => {
    const api = engine?.open(host => connect(host, signal), signal);
    return {
      playsFor: apply =>
        viewedPlays(plays, {
          api,
          engineHost: engine?.host,
          apply,
          restartBusyEngine: options.restartBusyEngine ?? false,
          removeUsedProperties: options.removeUsedProperties ?? false,
          patience: { ...PATIENCE, signal },
          verbose: options.verbose ?? false,
        }),
      close: async () => api?.close(),
    };
  };
}
