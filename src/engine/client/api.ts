import type { Secret } from '../../core/secret.ts';
import type { EngineAccess } from './access.ts';
import { EngineApiError } from './engine-api-error.ts';
import { type Ask, type Exchange, openExchange } from './exchange.ts';
import { jsonOf } from './fault.ts';
import { logIn, logOut } from './login.ts';
import { allPages } from './pages.ts';
import { patiently } from './retry.ts';

export type Query = Readonly<Record<string, string>>;

/**
 * The REST API of one engine, in JSON. Paths are relative to `/ovirt-engine/api` and begin with a slash: `/vms/ID`,
 * `/vms/ID;next_run`. Everything throws {@link EngineApiError}, and the signal's reason once that is aborted.
 */
export interface EngineApi {
  /** `https://host[:port]` */
  readonly url: string;
  get(path: string, query?: Query): Promise<unknown>;
  /** A whole collection: `list('/vms', 'vm', {search: 'name=db*'})`, all pages of it. */
  list(path: string, key: string, query?: Query): Promise<readonly unknown[]>;
  put(path: string, body: unknown): Promise<unknown>;
  /** For actions the body is `{}`. Accepted does not mean done: what it changes is to be waited for. */
  post(path: string, body: unknown): Promise<unknown>;
  /** Logs out and ends all connections; never throws. */
  close(): Promise<void>;
}

export interface ApiOptions {
  /** How long one answer may take; 60 by default. */
  readonly timeoutSeconds?: number;
  /** How long a locked object, and an engine that a proxy cannot reach, are asked again; 30 by default, 0 for never. */
  readonly retrySeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Opens nothing yet: logs in with the first call, and once more where the login has expired. */
export function openEngineApi(access: EngineAccess, options: ApiOptions = {}): EngineApi {
  const { timeoutSeconds = 60, retrySeconds = 30, signal } = options;
  const exchange = openExchange(access, { timeoutSeconds, signal });
  const session = openLogin(exchange, access);
  const ask = (method: Ask['method'], path: string, query: Query, body?: unknown) => {
    const request: Ask = {
      method,
      path: `/ovirt-engine/api${path}${queryText(query)}`,
      headers: { ...HEADERS, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    return patiently(() => session.send(request), method, retrySeconds, signal);
  };
  const get = (path: string, query: Query = {}) => ask('GET', path, query);
  return {
    url: access.url,
    get,
    list: (path, key, query = {}) => allPages(get, path, key, query),
    put: (path, body) => ask('PUT', path, {}, body),
    post: (path, body) => ask('POST', path, {}, body),
    close: () => session.close(),
  };
}

const HEADERS = { accept: 'application/json', version: '4' };

/** A blank as `%20`: not every version of the engine takes a plus for one. */
function queryText(query: Query): string {
  const parts = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Requests with the token of one login, which all of them share. */
function openLogin(exchange: Exchange, access: EngineAccess) {
  let login: Promise<Secret> | undefined;
  const token = (): Promise<Secret> => {
    login ??= logIn(exchange, access).catch(error => {
      login = undefined;
      throw error;
    });
    return login;
  };
  const sendWith = async (ask: Ask, bearer: Secret) =>
    jsonOf(
      await exchange.send({
        ...ask,
        headers: { ...ask.headers, authorization: `Bearer ${bearer.reveal()}` },
      }),
    );
  return {
    async send(ask: Ask): Promise<unknown> {
      const used = token();
      try {
        return await sendWith(ask, await used);
      } catch (error) {
        if (
          !(error instanceof EngineApiError && error.failure.kind === 'engine-fault' && error.status === 401)
        ) {
          throw error;
        }
        // The first one to notice that it has expired logs in for all.
        login = login === used ? undefined : login;
        return sendWith(ask, await token());
      }
    },
    async close() {
      const last = await login?.catch(() => undefined);
      if (last !== undefined) {
        await logOut(exchange, last);
      }
      await exchange.close();
    },
  };
}
