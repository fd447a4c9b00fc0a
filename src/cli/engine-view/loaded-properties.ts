import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineValues } from '../../core/engine-values.ts';
import { type Failure, HostError } from '../../core/failure.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { readOption } from '../../engine/client/options.ts';

/** The keys that the running engine shows; of devices it shows nothing. */
const SHOWN = ['UserDefinedVMProperties', 'UserDefinedNetworkCustomProperties'] as const;

export interface Patience {
  /** How long the engine may take to show what it has, once it is healthy. */
  readonly seconds: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the running engine for its custom properties until they are the stored ones.
 *
 * @param stored as engine-config has them; a key that was not read is not compared.
 * @returns what is wrong; null where it has loaded all of them.
 */
export async function notLoaded(
  api: EngineApi,
  stored: EngineValues,
  { seconds, everyMs, signal }: Patience,
): Promise<Failure | null> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const wrong = await look(api, stored);
    if (wrong === null || performance.now() >= until) {
      return wrong;
    }
    await sleep(everyMs, undefined, { signal });
  }
}

/** Right after the start the API may not be up yet, though the engine is healthy: that is one more thing to wait for. */
async function look(api: EngineApi, stored: EngineValues): Promise<Failure | null> {
  try {
    for (const key of SHOWN) {
      const levels = Object.entries(stored[key] ?? {});
      const loaded = levels.length === 0 ? undefined : await readOption(api, key);
      const stale = levels.filter(([level, value]) => loaded !== undefined && loaded.get(level) !== value);
      if (stale.length > 0) {
        return failure(
          key,
          stale.map(([level]) => level),
        );
      }
    }
    return null;
  } catch (error) {
    if (error instanceof HostError) {
      return error.failure;
    }
    throw error;
  }
}

function failure(key: string, levels: readonly string[]): Failure {
  return new HostError('failed', {
    kind: 'engine-options',
    step: 'verify',
    message: `The engine was restarted and is healthy, but does not show the stored ${key} at ${levels.join(', ')}`,
    hint: 'What it has loaded: GET /ovirt-engine/api/options. Is this the engine of that address, and did it start again (`systemctl status ovirt-engine`)?',
  }).failure;
}
