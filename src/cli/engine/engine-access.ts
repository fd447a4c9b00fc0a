import type { Host } from '../../core/host.ts';
import { type EngineApi, openEngineApi } from '../../engine/client/api.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { localDefaults } from '../../inventory/local-defaults.ts';
import { openHosts } from '../../inventory/open-vaulted.ts';
import type { Session } from '../../remote/script/session.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { FleetOptions } from '../options/options.ts';
import { fetchEngineCa, readEngineCa } from './engine-ca.ts';
import { engineCredentials } from './engine-credentials.ts';
import { engineOf } from './engine-place.ts';

/** Options of a command that needs the API; the inventory may be left out where `--engine-url` is given. */
export type EngineAccessOptions = Omit<FleetOptions, 'inventory'> & {
  readonly inventory?: readonly string[];
};

export interface EngineAccessNeeds {
  /** Where the command has read it already. */
  readonly inventory?: Inventory | undefined;
  /** Which of several engines: the name of its host in the inventory. */
  readonly host?: string | undefined;
  /** The way to the engine's host, where the command has one already; it ends the session itself. */
  readonly connect?: ((host: Host) => Promise<Session>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Of one answer; 60 by default. */
  readonly timeoutSeconds?: number;
}

/**
 * Opens the API of the engine that the command line or the inventory names. Its authority is that of `--engine-ca`, else
 * what the engine's host has, read over SSH if the inventory has that host, else what this system trusts. Nobody logs in before the
 * first request.
 *
 * @throws {InputError} for what is missing or cannot be used.
 * @throws {HostError} where the engine's host cannot be reached over SSH to read its authority.
 * @throws {Interrupted} if the user ends the program at a question.
 */
export async function openEngine(
  options: EngineAccessOptions,
  needs: EngineAccessNeeds = {},
): Promise<EngineApi> {
  const { signal, timeoutSeconds } = needs;
  const complete = { ...options, inventory: options.inventory ?? [] };
  const inventory =
    needs.inventory ?? (complete.inventory.length === 0 ? undefined : await readInventory(complete));
  const place = engineOf(complete, inventory, needs.host);
  const credentials = await engineCredentials(options);
  const ca =
    credentials.ca === undefined && place.host !== undefined && inventory !== undefined
      ? await caOf(place.host, inventory, complete, needs)
      : credentials.ca;
  return openEngineApi(
    { ...credentials, url: place.url, ...(ca === undefined ? {} : { ca }) },
    { ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }), signal },
  );
}

async function caOf(
  name: string,
  inventory: Inventory,
  options: FleetOptions,
  { connect, signal }: EngineAccessNeeds,
): Promise<string | undefined> {
  const [host] = await openHosts(inventory, [name], localDefaults(options));
  if (host === undefined) {
    return undefined;
  }
  return connect === undefined
    ? fetchEngineCa(host, inventory, options, signal ?? new AbortController().signal)
    : readEngineCa(await connect(host));
}
