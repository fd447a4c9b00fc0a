import type { EngineApi } from './api.ts';
import { EngineApiError } from './engine-api-error.ts';
import { items, member, optionalText, text } from './json.ts';

/**
 * An option of the engine as the running engine has loaded it, by cluster level; what has no level stands under
 * `general`. That is not always what engine-config shows: the engine reads its options when it starts.
 *
 * Of custom properties, `UserDefinedVMProperties` and `PredefinedVMProperties` can be asked for by any user,
 * `UserDefinedNetworkCustomProperties` by an administrator, `CustomDeviceProperties` by nobody. The engine makes no
 * promise that an option stays (engine: BackendSystemOptionResource.java, GetSystemOptionQuery.java).
 *
 * @returns undefined for an option that the engine does not show.
 * @throws {EngineApiError}
 */
export async function readOption(
  api: EngineApi,
  name: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const answer = await api.get(`/options/${encodeURIComponent(name)}`);
    const values = items(member(answer, 'values'), 'system_option_value');
    return new Map(values.map(one => [text(one, 'version'), optionalText(one, 'value') ?? '']));
  } catch (error) {
    if (error instanceof EngineApiError && error.failure.kind === 'engine-fault' && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}
