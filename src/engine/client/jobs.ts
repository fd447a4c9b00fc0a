import type { EngineApi } from './api.ts';
import { optionalInteger, optionalText } from './json.ts';

/** Something that the engine is at work on: a migration, an upgrade of a host, the export of a VM. */
export interface Job {
  /** In the engine's words: `Migrating VM db-1`. */
  readonly description: string;
  /** Milliseconds since 1970. */
  readonly since: number | undefined;
}

/**
 * The jobs that run now. What a job does ends with the engine's process, and may be left half done.
 *
 * @throws {EngineApiError}
 */
export async function listRunningJobs(api: EngineApi): Promise<readonly Job[]> {
  const found = await api.list('/jobs', 'job');
  return found
    .filter(job => optionalText(job, 'status') === 'started')
    .map(job => ({
      description: optionalText(job, 'description') ?? 'a job without a name',
      since: optionalInteger(job, 'start_time'),
    }));
}
