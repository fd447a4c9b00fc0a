import type { Catalog } from '../catalog/hooks.ts';
import type { Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import { isMapping, itemsOf } from './raw.ts';
import { flag } from './schema-values.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

/** A hook that a document names without saying where it comes from: the catalogue must know it. */
interface Named {
  readonly name: string;
  readonly path: Path;
  /** What the document says besides. */
  readonly details: Readonly<Record<string, unknown>>;
}

function namedHooks(source: YamlSource): Named[] {
  return itemsOf(source.value).flatMap((play, index) =>
    itemsOf(isMapping(play) ? play.vdsm_hooks : undefined).flatMap((item, i): Named[] => {
      const path = [index, 'vdsm_hooks', i];
      if (typeof item === 'string') {
        return [{ name: item, path, details: {} }];
      }
      return isMapping(item) && typeof item.name === 'string' && item.source === undefined
        ? [{ name: item.name, path: [...path, 'name'], details: item }]
        : [];
    }),
  );
}

/** Names that neither the catalogue knows nor look like the package of a hook, in every play of a document. */
export function hookNameProblems(source: YamlSource, catalog: Catalog): Problem[] {
  return namedHooks(source)
    .filter(({ details }) => details.rpm === undefined)
    .filter(({ name }) => !/^vdsm-hook-[A-Za-z0-9][A-Za-z0-9_.+-]*$/.test(name))
    .filter(({ name }) => catalog.find(name) === undefined)
    .map(({ name, path }) => {
      const near = didYouMean(
        name,
        catalog.hooks.flatMap(hook => [hook.name, hook.package]),
      );
      return {
        place: source.place(path),
        message: `vdsm_hooks${path.at(-1) === 'name' ? '.name' : ''}: unknown hook "${name}"`,
        hint: near
          ? `Did you mean "${near}"?`
          : 'Give a name of the catalogue, a package whose name begins with vdsm-hook-, or a folder of your own (source).',
      };
    });
}

/**
 * Hooks that keep VMs from starting on whatever host they are, without a word that this is known, and packages of
 * dangerous hooks among `packages`, where nothing would look at the danger.
 */
export function riskProblems(source: YamlSource, catalog: Catalog): Problem[] {
  return [...unacceptedHooks(source, catalog), ...dangerousPackages(source, catalog)];
}

function unacceptedHooks(source: YamlSource, catalog: Catalog): Problem[] {
  return namedHooks(source)
    .filter(({ details }) => details.state !== 'absent' && flag.safeParse(details.accept_risk).data !== true)
    .flatMap(({ name, path }) => {
      const hook = catalog.find(name);
      return hook?.refusedWhere === 'everywhere'
        ? [
            {
              place: source.place(path),
              message: `${hook.name}: ${hook.danger ?? hook.summary}`,
              hint: acceptHint(hook.name),
            },
          ]
        : [];
    });
}

function dangerousPackages(source: YamlSource, catalog: Catalog): Problem[] {
  return itemsOf(source.value).flatMap((play, index) =>
    itemsOf(isMapping(play) ? play.packages : undefined).flatMap((item, i): Problem[] => {
      const name = isMapping(item) ? item.name : item;
      const hook = catalog.hooks.find(known => known.package === name && known.source === undefined);
      return hook?.refusedWhere === undefined || (isMapping(item) && item.state === 'absent')
        ? []
        : [
            {
              place: source.place([index, 'packages', i, ...(isMapping(item) ? ['name'] : [])]),
              message: `${hook.package} is the package of the hook ${hook.name}, which can keep VMs from starting: ${hook.danger ?? hook.summary}`,
              hint: `Name ${hook.name} under vdsm_hooks, where the danger is looked at.`,
            },
          ];
    }),
  );
}

/** How somebody says that the danger of a hook is known and wanted. */
export function acceptHint(name: string): string {
  return `Who wants ${name} all the same writes \`accept_risk: true\` beside its name, or \`--accept-risk ${name}\` behind \`hookfleet install\`.`;
}
