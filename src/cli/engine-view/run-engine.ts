import type { Host } from '../../core/host.ts';
import { InputError, type Problem } from '../../core/input-error.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { EngineApiError } from '../../engine/client/engine-api-error.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Session } from '../../remote/script/session.ts';
import { type EnginePlace, engineOf, hasEngineAccess } from '../engine/engine-place.ts';
import type { FleetOptions } from '../options/options.ts';
import type { ViewedPlay } from './engine-view.ts';

/** The engine whose API a run may ask. */
export interface RunEngine {
  /** Its own host in the inventory; undefined where the inventory does not have it, or does not say so. */
  readonly host: string | undefined;
  /**
   * Nothing is contacted before the first question.
   * @param connect reaches a host of the run.
   */
  open(connect: (host: Host) => Promise<Session>, signal: AbortSignal): EngineApi;
}

/**
 * The engine that a run has access to, with the password asked for where nobody has given it. Where there are several and
 * the run needs none of them, none is asked.
 *
 * @param sayNote takes what the user should know.
 * @returns undefined without access.
 * @throws {InputError} where a play needs it and it is missing, and for access that cannot be used.
 */
export async function engineOfRun(
  plays: readonly ViewedPlay[],
  inventory: Inventory,
  options: FleetOptions,
  sayNote: (note: string) => void,
): Promise<RunEngine | undefined> {
  const needed = plays.flatMap(({ skipStates }) => skipStates ?? []);
  if (!hasEngineAccess(options, inventory)) {
    const problems = needed.map(({ place }) => ({ place, ...MISSING }));
    if (problems.length > 0) {
      throw new InputError(problems);
    }
    return undefined;
  }
  let place: EnginePlace;
  try {
    place = engineOf(options, inventory);
  } catch (error) {
    if (needed.length > 0 || !(error instanceof InputError)) {
      throw error;
    }
    sayNote(`no engine is asked through its API: ${error.message}`);
    return undefined;
  }
  const { engineCredentials } = await import('../engine/engine-credentials.ts');
  await engineCredentials(options);
  const { host, url } = place;
  const known = new Set(plays.flatMap(play => play.hosts.map(({ name }) => name)));
  return {
    host,
    open: (connect, signal) =>
      lazily(url, async opened => {
        const { openEngine } = await import('../engine/engine-access.ts');
        const reach = async (to: Host) => {
          const session = await connect(to);
          opened.push(session);
          return session;
        };
        const isKnown = host !== undefined && known.has(host);
        return openEngine(options, { inventory, signal, ...(isKnown ? { connect: reach } : {}) });
      }),
  };
}

const MISSING: Omit<Problem, 'place'> = {
  message: "skip_states needs access to the engine's API, which is not given",
  hint: 'Give --engine-url https://ENGINE and --engine-user NAME (or HOOKFLEET_ENGINE_URL and HOOKFLEET_ENGINE_USER), and the password with --engine-password-file or HOOKFLEET_ENGINE_PASSWORD.',
};

/** By the first question hosts are being worked on: what is wrong with the input then is trouble like any other. */
function inMidst(error: unknown): never {
  if (error instanceof InputError) {
    throw new EngineApiError('engine-unreachable', {
      message: `The way to the engine's API cannot be used: ${error.message}`,
    });
  }
  throw error;
}

/** @param open is given a list for the sessions that are to be closed with the API. */
function lazily(url: string, open: (sessions: Session[]) => Promise<EngineApi>): EngineApi {
  const sessions: Session[] = [];
  let opened: Promise<EngineApi> | undefined;
  const api = () => {
    opened ??= open(sessions).catch(inMidst);
    return opened;
  };
  return {
    url,
    get: async (...about) => (await api()).get(...about),
    list: async (...about) => (await api()).list(...about),
    put: async (...about) => (await api()).put(...about),
    post: async (...about) => (await api()).post(...about),
    async close() {
      const last = await opened?.catch(() => undefined);
      await last?.close();
      for (const session of sessions) {
        session.close();
      }
    },
  };
}
