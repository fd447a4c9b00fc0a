import { EngineApiError } from './engine-api-error.ts';
import { items, optionalText } from './json.ts';

type Query = Readonly<Record<string, string>>;

/** Collections of which the engine gives pages: those that it can search (engine: SearchObjects.java). */
const SEARCHABLE = ['/hosts', '/vms', '/clusters', '/datacenters', '/networks', '/templates'];

/** How many objects are asked for at once. A host or a VM has some kilobytes. */
const PAGE = 200;
/** More objects than this no engine has. */
const MOST_PAGES = 1000;

/**
 * All objects of a collection. Where the engine can search it, page by page in the order of the names (`sortby name asc
 * page 2`, as its manual has it); a search of the user's own that says `sortby` keeps its order, one that says `page` is that page. An object
 * that moves from one page to the next in between comes once.
 *
 * @throws {EngineApiError} `engine-answer` where there is no end of pages.
 */
export async function allPages(
  get: (path: string, query: Query) => Promise<unknown>,
  path: string,
  key: string,
  query: Query,
): Promise<readonly unknown[]> {
  const { search = '' } = query;
  if (!SEARCHABLE.includes(path) || /\bpage\s+[0-9]+\s*$/i.test(search)) {
    return items(await get(path, query), key);
  }
  const sorted = /\bsortby\b/i.test(search) ? search : `${search} sortby name asc`.trim();
  const found = new Map<unknown, unknown>();
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await get(path, { ...query, search: `${sorted} page ${page}`, max: String(PAGE) });
    const some = items(answer, key);
    const before = found.size;
    for (const one of some) {
      found.set(optionalText(one, 'id') ?? one, one);
    }
    if (some.length < PAGE || found.size === before) {
      return [...found.values()];
    }
  }
  throw new EngineApiError('engine-answer', { message: `The engine gives pages of ${path} without end` });
}
