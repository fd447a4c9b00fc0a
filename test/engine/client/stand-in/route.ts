/** One request to the stand-in, as a route sees it. */
export interface Call {
  /** What the groups of the route's path have matched. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** What stands behind a `;`: `next_run`, or `max=10` as `['max', '10']`. */
  readonly matrix: ReadonlyMap<string, string>;
  /** Undefined where there is none. */
  readonly body: unknown;
}

/** An answer: JSON, a page of a proxy, or nothing but a status. */
export interface Reply {
  /** 200 by default. */
  readonly status?: number;
  readonly json?: unknown;
  readonly html?: string;
  /** As it is, called JSON. */
  readonly raw?: string;
  readonly location?: string;
  /** How long it is waited before the answer. */
  readonly delayMs?: number;
  /** The connection is cut instead of an answer. */
  readonly cut?: true;
}

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** On the whole path below `/ovirt-engine/api`, without matrix parameters; its named groups become `params`. */
  readonly path: RegExp;
  answer(call: Call): Reply | Promise<Reply>;
}

/** An answer that comes in the place of a route's. */
export interface Planned {
  readonly method?: Route['method'];
  /** On the whole path, from `/ovirt-engine`. */
  readonly path: RegExp;
  /** How often; once by default. */
  readonly times?: number;
  readonly reply: Reply;
}

/** A refusal as most of the API words it. */
export function fault(status: number, detail: string): Reply {
  return { status, json: { detail: `[${detail}]`, reason: 'Operation Failed' } };
}

/** A refusal of an action: the same, wrapped (engine: AbstractBackendActionableResource.java). */
export function actionFault(status: number, detail: string): Reply {
  return { status, json: { fault: { detail: `[${detail}]`, reason: 'Operation Failed' }, status: 'failed' } };
}

/** An action that was accepted. */
export const ACCEPTED: Reply = { json: { status: 'complete' } };

/** The page of Apache while the engine's process is down. */
export const PROXY_PAGE: Reply = {
  status: 503,
  html: '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>503 Service Unavailable</title>\n</head><body>\n<h1>Service Unavailable</h1>\n</body></html>\n',
};

/** The page of the application server while the engine is not deployed on it yet. */
export const NOT_DEPLOYED_PAGE: Reply = {
  status: 404,
  html: '<html><head><title>Error</title></head><body>404 - Not Found</body></html>',
};

/**
 * A collection as the engine gives it: searched (`name=GLOB` and whatever `matches` knows), sorted, and of a page only its objects. An
 * empty one leaves its key out.
 */
export function collection<Item extends { readonly name: string }>(
  key: string,
  found: readonly Item[],
  { query }: Call,
  matches: (item: Item, field: string, glob: RegExp) => boolean = (item, field, glob) =>
    field === 'name' && glob.test(item.name),
): Reply {
  const search = query.get('search') ?? '';
  const max = Number(query.get('max') ?? -1);
  const conditions = [...search.matchAll(/([a-z_.]+)\s*=\s*([^\s]+)/g)].map(([, field = '', value = '']) => ({
    field,
    glob: globOf(value),
  }));
  const some = found.filter(item => conditions.every(({ field, glob }) => matches(item, field, glob)));
  const sorted = /\bsortby name/.test(search) ? some.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : some;
  const page = Number(/\bpage (\d+)/.exec(search)?.[1] ?? 1);
  const shown = max < 0 ? sorted : sorted.slice((page - 1) * max, page * max);
  return { json: shown.length === 0 ? {} : { [key]: shown } };
}

function globOf(value: string): RegExp {
  const text = value.replace(/^"(.*)"$/, '$1');
  return new RegExp(`^${text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
}
