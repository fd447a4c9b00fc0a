import type { EngineApi } from './api.ts';
import { member, optionalText, text } from './json.ts';

/** A hypervisor as the engine has it. */
export interface EngineHost {
  readonly id: string;
  readonly name: string;
  /** A name or an IP address: where the engine reaches it. */
  readonly address: string;
  /** In the engine's words: `up`, `maintenance`, `installing`, `reboot`, `non_responsive` … */
  readonly status: string;
  /** The id of its cluster. */
  readonly cluster: string | undefined;
  /** `rhel`, `ovirt_node`, `rhev_h` */
  readonly type: string | undefined;
  /** As VDSM tells it: `4.50.5.1-1.el9`; missing where it never was connected. */
  readonly vdsmVersion: string | undefined;
  /** `RHEL 9` */
  readonly os: string | undefined;
}

/**
 * The hypervisors of an engine, by their names.
 *
 * @param search in the engine's search language: `cluster=production`.
 * @throws {EngineApiError}
 */
export async function listEngineHosts(api: EngineApi, search?: string): Promise<readonly EngineHost[]> {
  const found = await api.list('/hosts', 'host', search === undefined ? {} : { search });
  return found.map(toHost);
}

function toHost(value: unknown): EngineHost {
  const os = member(value, 'os');
  const release = [optionalText(os, 'type'), optionalText(member(os, 'version'), 'full_version')];
  return {
    id: text(value, 'id'),
    name: text(value, 'name'),
    address: text(value, 'address'),
    status: text(value, 'status'),
    cluster: optionalText(member(value, 'cluster'), 'id'),
    type: optionalText(value, 'type'),
    vdsmVersion: optionalText(member(value, 'version'), 'full_version')?.replace(/^vdsm-/, ''),
    os: release.filter(part => part !== undefined).join(' ') || undefined,
  };
}
