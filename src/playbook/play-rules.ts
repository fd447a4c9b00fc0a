import type { Catalog } from '../catalog/hooks.ts';
import type { Problem } from '../core/input-error.ts';
import { packageRules } from './package-rules.ts';
import { protectionProblems } from './protected-domains.ts';
import { entriesOf, isMapping, itemsOf, type Mapping } from './raw.ts';
import { rolloutRules } from './rollout-rules.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

const WORK = new Set(['repositories', 'packages', 'service', 'engine_properties', 'host_deploy_tasks']);

const SETTINGS = new Set([
  'name',
  'hosts',
  'become',
  'serial',
  'max_fail_percentage',
  'max_failed',
  'verify',
  'verify_timeout',
  'pause',
  'confirm',
  'skip_states',
  'operators',
  'enablerepo',
  'disablerepo',
  'engine_health_url',
  'engine_health_timeout',
]);

/**
 * The rules of a playbook that reach over more than one value. They read the document as it was written, so that they
 * find their faults also where the schema has found others.
 */
export function playProblems(source: YamlSource, catalog: Catalog): Problem[] {
  const plays = itemsOf(source.value).map(play => (isMapping(play) ? play : {}));
  return [
    ...orderProblems(plays, source),
    ...plays.flatMap((play, index) => [
      ...duplicates(wantedPackages(play, index, catalog), 'package', source),
      ...duplicates(wantedUnits(play, index), 'unit', source),
      ...duplicates(wantedRepositories(play, index), 'repository', source),
      ...duplicates(wantedLibvirtHooks(play, index), 'hook', source),
      ...packageRules(play, index, source),
      ...protectionProblems(play, index, source),
      ...rolloutRules(play, index, source),
      ...idleServices(play, index, source),
      ...idlePlay(plays, index, source),
    ]),
  ];
}

function orderProblems(plays: readonly Mapping[], source: YamlSource): Problem[] {
  const lastWithHooks = plays.findLastIndex(play => play.vdsm_hooks !== undefined);
  return plays.flatMap((play, index) =>
    play.engine_properties !== undefined && index < lastWithHooks
      ? {
          place: source.place([index, 'engine_properties'], 'key'),
          message: `engine_properties stands before the vdsm_hooks in line ${source.place([lastWithHooks, 'vdsm_hooks'], 'key').line}`,
          hint: 'Plays run in the order written: first the hooks on the hosts, then the engine. Move this play to the end.',
        }
      : [],
  );
}

interface Wanted {
  /** As the user wrote it. */
  readonly name: string;
  /** What it is on the host: two wishes with one identity contradict or repeat each other. */
  readonly identity: string;
  readonly path: Path;
}

function duplicates(wanted: readonly Wanted[], noun: string, source: YamlSource): Problem[] {
  const first = new Map<string, Wanted>();
  return wanted.flatMap(wish => {
    const earlier = first.get(wish.identity);
    if (earlier === undefined) {
      first.set(wish.identity, wish);
      return [];
    }
    const message = `"${wish.name}" stands twice in this play: line ${source.place(earlier.path).line} names the same ${noun}`;
    return [{ place: source.place(wish.path), message }];
  });
}

function wantedPackages(play: Mapping, index: number, catalog: Catalog): Wanted[] {
  return [
    ...named(play.packages, [index, 'packages']).map(wish => ({ ...wish, identity: wish.name })),
    ...named(play.vdsm_hooks, [index, 'vdsm_hooks']).map(wish => ({
      ...wish,
      identity: catalog.find(wish.name)?.package ?? wish.name,
    })),
  ];
}

function wantedRepositories(play: Mapping, index: number): Wanted[] {
  return itemsOf(play.repositories).flatMap((item, i) => {
    const id = isMapping(item) ? item.id : undefined;
    return typeof id === 'string' ? [{ name: id, identity: id, path: [index, 'repositories', i] }] : [];
  });
}

function wantedLibvirtHooks(play: Mapping, index: number): Wanted[] {
  return itemsOf(play.libvirt_hooks).flatMap((item, i) =>
    isMapping(item) && typeof item.name === 'string'
      ? [{ name: item.name, identity: `${item.driver}/${item.name}`, path: [index, 'libvirt_hooks', i] }]
      : [],
  );
}

function wantedUnits(play: Mapping, index: number): Wanted[] {
  return services(play, index).flatMap(({ service, path }) => {
    const name = isMapping(service) ? service.name : undefined;
    return typeof name === 'string' ? [{ name, identity: name.replace(/\.service$/, ''), path }] : [];
  });
}

function named(list: unknown, path: Path): { name: string; path: Path }[] {
  return itemsOf(list).flatMap((item, index) => {
    const name = isMapping(item) ? item.name : item;
    return typeof name === 'string' ? [{ name, path: [...path, index] }] : [];
  });
}

function services(play: Mapping, index: number): { service: unknown; path: Path }[] {
  const path = [index, 'service'];
  const value = play.service;
  return Array.isArray(value)
    ? value.map((service: unknown, item) => ({ service, path: [...path, item] }))
    : [{ service: value, path }];
}

function idleServices(play: Mapping, index: number, source: YamlSource): Problem[] {
  return services(play, index).flatMap(({ service, path }) =>
    isMapping(service) && Object.keys(service).join() === 'name'
      ? {
          place: source.place(path),
          message: `nothing is said about the service "${service.name}"`,
          hint: 'Add state: started or stopped, or enabled: true or false.',
        }
      : [],
  );
}

function idlePlay(plays: readonly Mapping[], index: number, source: YamlSource): Problem[] {
  const play = plays[index] ?? {};
  if (
    Object.keys(play).length === 0 ||
    Object.entries(play).some(([key, value]) => isWork(key, value, plays))
  ) {
    return [];
  }
  return [
    {
      place: source.place([index]),
      message: 'the play has nothing to do',
      hint: 'Give it repositories, packages, vdsm_hooks, libvirt_hooks, protected_domains, service or engine_properties; from_hooks needs a play with vdsm_hooks in this playbook.',
    },
  ];
}

function isWork(key: string, value: unknown, plays: readonly Mapping[]): boolean {
  if (key === 'deep') {
    return value !== false;
  }
  if (!WORK.has(key)) {
    // An unknown key is meant to be work, and an empty list of hooks is: nothing shall be there.
    return !SETTINGS.has(key);
  }
  if (key !== 'engine_properties' || !isMapping(value)) {
    return !isEmpty(value);
  }
  return entriesOf(value).some(([kind, wanted]) => {
    if (kind === 'cluster_levels' || wanted === false) {
      return false;
    }
    return kind === 'from_hooks' && wanted === true
      ? plays.some(play => play.vdsm_hooks !== undefined)
      : !isEmpty(wanted);
  });
}

/** Lists and mappings with nothing in them, also one level down (a device type without properties). */
function isEmpty(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length === 0
    : isMapping(value) &&
        Object.values(value).every(inner => isMapping(inner) && Object.keys(inner).length === 0);
}
