import { dirname, resolve } from 'node:path';
import type { Catalog, Hook } from '../catalog/hooks.ts';
import type { WantedHook, WantedPackage, Written } from './play.ts';
import type { PlayData } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

type Item = NonNullable<PlayData['packages'] | PlayData['vdsm_hooks']>[number];
type Details = Exclude<NonNullable<PlayData['vdsm_hooks']>[number], string>;

/** The packages of a play. */
export function wantedPackages(data: PlayData, path: Path, source: YamlSource): WantedPackage[] {
  return (data.packages ?? []).map((item, index) =>
    wantedPackage(item, data, [...path, 'packages', index], source),
  );
}

/** The hooks of a play, under the catalogue's names where it knows them. */
export function wantedHooks(data: PlayData, path: Path, source: YamlSource, catalog: Catalog): WantedHook[] {
  return (data.vdsm_hooks ?? []).map((item, index) => {
    const itemPath = [...path, 'vdsm_hooks', index];
    const wanted = wantedPackage(item, data, itemPath, source);
    const folder = writtenPath('source', details(item).source, itemPath, source);
    const known = folder === undefined ? catalog.find(wanted.name) : undefined;
    return {
      ...wanted,
      name: known?.name ?? wanted.name,
      package: known?.package ?? wanted.name,
      ...sourceOf(folder, known, wanted),
      ...(known === undefined ? {} : { known }),
      acceptRisk: details(item).accept_risk ?? false,
    };
  });
}

/** The folder that a hook is copied from: the playbook's word, else that of the site's catalogue, unless an rpm file is given. */
function sourceOf(
  folder: Written | undefined,
  known: Hook | undefined,
  { rpm, place }: WantedPackage,
): { source?: Written } {
  if (folder !== undefined) {
    return { source: folder };
  }
  return known?.source === undefined || rpm !== undefined ? {} : { source: { text: known.source, place } };
}

function wantedPackage(item: Item, play: PlayData, path: Path, source: YamlSource): WantedPackage {
  const { name, state, version, allow_downgrade, enablerepo, disablerepo, rpm } = details(item);
  const rpmFile = writtenPath('rpm', rpm, path, source);
  return {
    name,
    state: state ?? 'present',
    ...(version === undefined ? {} : { version: writtenVersion(version, path, source) }),
    allowDowngrade: allow_downgrade ?? false,
    enablerepo: [...list(play.enablerepo), ...list(enablerepo)],
    disablerepo: [...list(play.disablerepo), ...list(disablerepo)],
    ...(rpmFile === undefined ? {} : { rpm: rpmFile }),
    place: source.place(path),
  };
}

function details(item: Item): Details {
  return typeof item === 'string' ? { name: item } : item;
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

/** A version such as 4.10 is a number to YAML; what counts is how it is written. */
function writtenVersion(version: string | number, path: Path, source: YamlSource): Written {
  const at = [...path, 'version'];
  return {
    text: typeof version === 'string' ? version : (source.spelling(at) ?? String(version)),
    place: source.place(at),
  };
}

/** Paths of a playbook are relative to the playbook. */
function writtenPath(
  key: string,
  path: string | undefined,
  item: Path,
  source: YamlSource,
): Written | undefined {
  if (path === undefined) {
    return undefined;
  }
  const place = source.place([...item, key]);
  return { text: resolve(dirname(place.file), path), place };
}
