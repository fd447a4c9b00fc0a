import { HostError } from '../core/failure.ts';
import { InputError } from '../core/input-error.ts';
import type { EngineAccess } from '../engine/client/access.ts';
import { openEngineApi } from '../engine/client/api.ts';
import { listClusters, listDataCenters } from '../engine/client/clusters.ts';
import { listEngineHosts } from '../engine/client/hosts.ts';
import type { EngineReply } from './engine-inventory.ts';
import { engineSourceUrl } from './engine-source.ts';

/** How engines that are inventories are asked. */
export interface EngineAsking {
  /** Who logs in, and which authority is trusted; called where there is such an inventory, and only then. */
  credentials(): Promise<Omit<EngineAccess, 'url'>>;
}

/** An engine that is restarted just now may be worth waiting for; in seconds. */
const RETRY_SECONDS = 15;

/**
 * Asks an engine for its hosts, clusters and data centers.
 *
 * @param path as `-i` names it: `engine+https://engine.example.org`.
 * @throws {InputError} for what is no such address, and where the engine cannot be asked.
 */
export async function askEngine(path: string, { credentials }: EngineAsking): Promise<EngineReply> {
  const url = engineSourceUrl(path);
  const place = { file: path };
  if (url === undefined) {
    throw new InputError([
      {
        // What stands in it may well be a password.
        message: 'the address of an engine that -i names cannot be used',
        hint: 'Write engine+https://NAME or engine+https://NAME:PORT, without user and password',
      },
    ]);
  }
  const api = openEngineApi({ ...(await credentials()), url }, { retrySeconds: RETRY_SECONDS });
  try {
    const [engineHosts, clusters, dataCenters] = await Promise.all([
      listEngineHosts(api),
      listClusters(api),
      listDataCenters(api),
    ]);
    return { file: path, engineUrl: url, engineHosts, clusters, dataCenters };
  } catch (error) {
    if (!(error instanceof HostError)) {
      throw error;
    }
    const { message, hint } = error.failure;
    throw new InputError([{ place, message, ...(hint === null ? {} : { hint }) }]);
  } finally {
    await api.close();
  }
}
