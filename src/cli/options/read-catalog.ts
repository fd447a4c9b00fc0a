import { stat } from 'node:fs/promises';
import { BUILT_IN, type Catalog } from '../../catalog/hooks.ts';
import type { CatalogOptions } from './catalog-option.ts';

const HERE = 'catalog';

/**
 * The catalogue of a command that has no playbook: with the named folder, else with the folder `catalog` of the current
 * one, where there is one. Where everybody may write to either, anybody could have put that there: it is passed over.
 *
 * @throws {InputError} with everything that is wrong in its files.
 */
export async function readCatalog({ catalog }: CatalogOptions): Promise<Catalog> {
  if (catalog === undefined && !(await mayReadHere())) {
    return BUILT_IN;
  }
  // What reads YAML is loaded only where there is some.
  const { loadCatalog } = await import('../../playbook/site-catalog.ts');
  return loadCatalog(catalog ?? HERE, catalog !== undefined);
}

async function mayReadHere(): Promise<boolean> {
  const [current, folder] = await Promise.all(['.', HERE].map(path => stat(path).catch(() => undefined)));
  return [current, folder].every(one => one !== undefined && (one.mode & 0o002) === 0);
}
