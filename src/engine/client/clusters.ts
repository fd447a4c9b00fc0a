import type { EngineApi } from './api.ts';
import { member, optionalInteger, optionalText, text } from './json.ts';

/** A cluster level: `4.7`. */
export type Level = string;

export interface DataCenter {
  readonly id: string;
  readonly name: string;
  /** Missing where the engine does not tell. */
  readonly version: Level | undefined;
}

export interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly version: Level | undefined;
  /** The id of its data center; a cluster may have none. */
  readonly dataCenter: string | undefined;
}

/** @throws {EngineApiError} */
export async function listDataCenters(api: EngineApi): Promise<readonly DataCenter[]> {
  const found = await api.list('/datacenters', 'data_center');
  return found.map(one => ({ id: text(one, 'id'), name: text(one, 'name'), version: versionOf(one) }));
}

/** @throws {EngineApiError} */
export async function listClusters(api: EngineApi): Promise<readonly Cluster[]> {
  const found = await api.list('/clusters', 'cluster');
  return found.map(one => ({
    id: text(one, 'id'),
    name: text(one, 'name'),
    version: versionOf(one),
    dataCenter: optionalText(member(one, 'data_center'), 'id'),
  }));
}

/** `{version: {major: 4, minor: 7}}` as `4.7`; undefined where there is none. */
export function versionOf(value: unknown): Level | undefined {
  const version = member(value, 'version');
  const [major, minor] = [optionalInteger(version, 'major'), optionalInteger(version, 'minor')];
  return major === undefined || minor === undefined ? undefined : `${major}.${minor}`;
}
