import type { EngineApi } from '../../engine/client/api.ts';
import { readOption } from '../../engine/client/options.ts';
import { type Definitions, joinDefinitions } from '../../engine/property-check.ts';

/** What the running engine defines for VMs, at every level: by itself, and by its users. @throws {EngineApiError} */
export async function readVmDefinitions(api: EngineApi): Promise<Definitions> {
  const [predefined, own] = await Promise.all([
    readOption(api, 'PredefinedVMProperties'),
    readOption(api, 'UserDefinedVMProperties'),
  ]);
  // Without the user's own nothing can be judged: a name that is not there may well be one of them.
  return own === undefined ? new Map() : joinDefinitions(predefined ?? new Map(), own);
}
