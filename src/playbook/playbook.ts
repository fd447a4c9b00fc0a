import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BUILT_IN, type Catalog } from '../catalog/hooks.ts';
import { formatProblem, InputError, type Problem } from '../core/input-error.ts';
import { resolveEngineProperties } from './engine-properties.ts';
import { hookNameProblems, riskProblems } from './hook-name-rules.ts';
import { wantedLibvirtHooks } from './libvirt-hooks.ts';
import type { Play, Playbook, WantedEngine, WantedRepository, WantedService } from './play.ts';
import { playProblems } from './play-rules.ts';
import { propertyProblems } from './property-rules.ts';
import { propertyWarnings } from './property-warnings.ts';
import { wantedProtection } from './protected-domains.ts';
import { wantedRollout } from './rollout.ts';
import { type PlayData, playbookSchema } from './schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { loadCatalog } from './site-catalog.ts';
import { wantedHooks, wantedPackages } from './wanted-packages.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

/** Where the engine answers on its own host, and how long a start may take: ovirt-engine's HealthStatus servlet. */
export const HEALTH_URL = 'http://localhost/ovirt-engine/services/health';
export const HEALTH_TIMEOUT_SECONDS = 300;

/**
 * Reads and checks a playbook file, with the catalogue of the site: of the named folder, else of the folder `catalog`
 * beside the playbook, where there is one.
 * @throws {InputError} when it cannot be read, or with every problem that {@link parsePlaybook} finds.
 */
export async function loadPlaybook(path: string, catalog?: string): Promise<Playbook> {
  const text = await readText(path);
  return parsePlaybook(
    text,
    path,
    await loadCatalog(catalog ?? join(dirname(path), 'catalog'), catalog !== undefined),
  );
}

/**
 * Turns the text of a playbook into checked plays; `file` is for the places in messages.
 * @throws {InputError} with every problem of the file, in the order of their places.
 */
export function parsePlaybook(text: string, file: string, catalog: Catalog = BUILT_IN): Playbook {
  const source = readYaml(text, file);
  if ('broken' in source) {
    throw new InputError(source.broken);
  }
  if (source.value === null && source.problems.length === 0) {
    throw new InputError([
      {
        place: { file, line: 1, column: 1 },
        message: 'the playbook is empty',
        hint: 'A playbook is a list of plays, and a play begins with "- hosts: PATTERN".',
      },
    ]);
  }
  const result = playbookSchema.safeParse(source.value);
  const problems = [
    ...source.problems,
    ...(result.success ? [] : schemaProblems(playbookSchema, result.error.issues, source)),
    ...hookNameProblems(source, catalog),
    ...riskProblems(source, catalog),
    ...playProblems(source, catalog),
    ...propertyProblems(source),
  ];
  if (!result.success || problems.length > 0) {
    throw new InputError(distinct(problems).toSorted(byPlace));
  }
  const presentHooks = result.data
    .flatMap((play, index) => wantedHooks(play, [index], source, catalog))
    .filter(hook => hook.state !== 'absent')
    .map(hook => hook.name);
  return {
    file,
    plays: result.data.map((play, index) => buildPlay(play, [index], presentHooks, source, catalog)),
    warnings: propertyWarnings(source, catalog),
    catalog,
  };
}

function buildPlay(
  data: PlayData,
  path: Path,
  presentHooks: readonly string[],
  source: YamlSource,
  catalog: Catalog,
): Play {
  const engine = wantedEngine(data, path, presentHooks, source, catalog);
  const protection = wantedProtection(data, path, source);
  return {
    name: data.name ?? data.hosts,
    place: source.place(path),
    hosts: { pattern: data.hosts, place: source.place([...path, 'hosts']) },
    become: data.become ?? false,
    rollout: wantedRollout(data),
    ...(data.skip_states === undefined
      ? {}
      : {
          skipStates: { states: data.skip_states, place: source.place([...path, 'skip_states'], 'key') },
        }),
    deep: data.deep ?? false,
    repositories: wantedRepositories(data, path, source),
    packages: wantedPackages(data, path, source),
    vdsmHooks: wantedHooks(data, path, source, catalog),
    managesHooks:
      data.vdsm_hooks !== undefined || (data.unmanaged !== undefined && data.libvirt_hooks === undefined),
    libvirtHooks: wantedLibvirtHooks(data.libvirt_hooks, path, source),
    managesLibvirtHooks: data.libvirt_hooks !== undefined,
    ...(protection ? { protection } : {}),
    unmanaged: data.unmanaged ?? 'report',
    services: wantedServices(data, [...path, 'service'], source),
    ...(engine ? { engine } : {}),
    ...(data.host_deploy_tasks === undefined ? {} : { hostDeployTasks: data.host_deploy_tasks }),
  };
}

function wantedRepositories(data: PlayData, path: Path, source: YamlSource): WantedRepository[] {
  return (data.repositories ?? []).map((options, index) => ({
    options,
    placeOf: option => source.place([...path, 'repositories', index, option]),
  }));
}

function wantedServices({ service }: PlayData, path: Path, source: YamlSource): WantedService[] {
  const list = Array.isArray(service) ? service : service ? [service] : [];
  return list.map(({ name, state, enabled }, index) => ({
    name,
    ...(state === undefined ? {} : { state }),
    ...(enabled === undefined ? {} : { enabled }),
    place: source.place(Array.isArray(service) ? [...path, index] : path),
  }));
}

function wantedEngine(
  data: PlayData,
  path: Path,
  presentHooks: readonly string[],
  source: YamlSource,
  catalog: Catalog,
): WantedEngine | undefined {
  const declared = data.engine_properties;
  if (declared === undefined) {
    return undefined;
  }
  const levelPath = [...path, 'engine_properties', 'cluster_levels'];
  const levels = declared.cluster_levels?.map(
    (level, index) => source.spelling([...levelPath, index]) ?? String(level),
  );
  return {
    properties: resolveEngineProperties(
      { levels: levels ?? 'all', vm: declared.vm, device: declared.device, network: declared.network },
      declared.from_hooks ? presentHooks : [],
      catalog,
    ),
    healthUrl: data.engine_health_url ?? HEALTH_URL,
    healthTimeoutSeconds: data.engine_health_timeout ?? HEALTH_TIMEOUT_SECONDS,
    place: source.place([...path, 'engine_properties'], 'key'),
  };
}

/** A value that breaks two rules with one message is one problem. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [formatProblem(problem), problem])).values()];
}

function byPlace(a: Problem, b: Problem): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    throw new InputError([{ place: { file: path }, ...explainReadError(error) }]);
  }
}

function explainReadError(error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return {
        message: 'the playbook does not exist',
        hint: 'Give the path of a YAML file; a relative path begins at the current folder.',
      };
    case 'EISDIR':
      return { message: 'the playbook is a folder', hint: 'Give the path of a YAML file in it.' };
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return { message: 'the playbook is not UTF-8 text' };
    default:
      return { message: `the playbook cannot be read: ${error instanceof Error ? error.message : error}` };
  }
}
