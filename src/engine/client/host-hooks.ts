import type { EngineApi } from './api.ts';
import { optionalText, text } from './json.ts';

/** A hook script that the engine has on record of a host. */
export interface HostHook {
  readonly event: string;
  readonly name: string;
  /** What VDSM has told: SHA-256 in hexadecimal digits since oVirt 4.4, empty where it could not read the script. */
  readonly checksum: string;
}

/**
 * What the engine has on record of a host's hooks, since it last read the host's capabilities. In no order. The key is
 * `md5`, whatever the sum is (engine: HostMapper.java).
 *
 * @throws {EngineApiError} also for a host that never was connected.
 */
export async function listHostHooks(api: EngineApi, hostId: string): Promise<readonly HostHook[]> {
  const found = await api.list(`/hosts/${encodeURIComponent(hostId)}/hooks`, 'hook');
  return found.map(hook => ({
    event: text(hook, 'event_name'),
    name: text(hook, 'name'),
    checksum: optionalText(hook, 'md5') ?? '',
  }));
}

/** The states of a host in which its capabilities can be read anew (engine: RefreshHostCapabilitiesCommand.java). */
export const REFRESHABLE: readonly string[] = ['up', 'maintenance', 'non_operational'];

/**
 * Has the engine read a host's capabilities anew. Its list of hooks may be right only some moments later.
 *
 * @throws {EngineApiError} also for a host in none of the {@link REFRESHABLE} states.
 */
export async function refreshCapabilities(api: EngineApi, hostId: string): Promise<void> {
  await api.post(`/hosts/${encodeURIComponent(hostId)}/refresh`, {});
}
