import { HostError } from '../../core/failure.ts';
import type { Host } from '../../core/host.ts';
import type { EngineHost } from '../../engine/client/hosts.ts';
import { findEngineHost } from './find-engine-host.ts';

type Hosts = () => Promise<readonly EngineHost[]>;

/**
 * Why a host is left out of a play: the engine has it in one of these states. Null where nothing speaks against it.
 * @throws {HostError} where the engine cannot be asked.
 */
export async function leftOut(host: Host, states: readonly string[], hosts: Hosts): Promise<string | null> {
  const status = findEngineHost(host, await hosts())?.status;
  return status !== undefined && states.includes(status)
    ? `The engine has this host in the state ${status}, which skip_states leaves out`
    : null;
}

/** What is worth knowing of a host's state in the engine; nothing where it is up, or no host of the engine's. */
export async function stateNotes(host: Host, hosts: Hosts): Promise<readonly string[]> {
  try {
    const found = findEngineHost(host, await hosts());
    return found === undefined || found.status === 'up'
      ? []
      : [`The engine has this host in the state ${found.status}`];
  } catch (error) {
    if (error instanceof HostError) {
      return [`The engine could not be asked for the states of its hosts: ${error.failure.message}`];
    }
    throw error;
  }
}
