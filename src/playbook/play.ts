import type { Catalog, Hook } from '../catalog/hooks.ts';
import type { HostState } from '../catalog/host-states.ts';
import type { Place, Problem } from '../core/input-error.ts';
import type { EngineProperties } from './engine-properties.ts';
import type { WantedLibvirtHook } from './libvirt-hooks.ts';
import type { WantedProtection } from './protected-domains.ts';
import type { RepositoryData } from './schema-repositories.ts';

/** A playbook that was read and checked: what follows can trust it. */
export interface Playbook {
  /** As the user gave it; relative paths inside the playbook are relative to its folder. */
  readonly file: string;
  /** In the order written, which is the order in which they run. */
  readonly plays: readonly Play[];
  /** What is allowed, and yet may not be meant. */
  readonly warnings: readonly Problem[];
  /** The catalogue that its hooks are looked up in. */
  readonly catalog: Catalog;
}

/** The state that the hosts of a pattern shall have. Lists are empty where the play says nothing. */
export interface Play {
  /** Its `name`, else its host pattern. */
  readonly name: string;
  readonly place: Place;
  readonly hosts: HostsPattern;
  /** Whether root's rights are taken with sudo; false where the play says nothing. */
  readonly become: boolean;
  readonly rollout: Rollout;
  /** Hosts that the engine has in one of these states are left out. */
  readonly skipStates?: { readonly states: readonly HostState[]; readonly place: Place };
  /** Whether the hooks are also compared with what VDSM and the engine see of them. */
  readonly deep: boolean;
  readonly repositories: readonly WantedRepository[];
  readonly packages: readonly WantedPackage[];
  readonly vdsmHooks: readonly WantedHook[];
  /** Whether the play speaks of the hook folders at all, even to say that nothing of its own shall be there. */
  readonly managesHooks: boolean;
  readonly libvirtHooks: readonly WantedLibvirtHook[];
  /** The same of libvirt's hook folders. */
  readonly managesLibvirtHooks: boolean;
  /** Domains that nobody but root shall stop; undefined where the play does not speak of them. */
  readonly protection?: WantedProtection;
  /** What is done about executables in hook folders that nobody named. */
  readonly unmanaged: 'report' | 'remove';
  readonly services: readonly WantedService[];
  readonly engine?: WantedEngine;
  /** Whether the engine's own installation of hosts brings what this playbook wants of them; undefined: not looked at. */
  readonly hostDeployTasks?: boolean;
}

/** How a play goes over its hosts, and when it stops. */
export interface Rollout {
  /** The sizes of its batches, the last one for all that follow; empty for one batch of all hosts. */
  readonly serial: readonly ({ readonly hosts: number } | { readonly percent: number })[];
  /** How many hosts of a batch may go wrong, in per cent (0 to 100); null: any number as long as one comes through. */
  readonly maxFailPercentage: number | null;
  /** How many hosts of the play may go wrong; null for any number. */
  readonly maxFailed: number | null;
  /** Shell text that each host must answer with exit code 0 before the next batch. */
  readonly verify?: { readonly command: string; readonly timeoutSeconds: number };
  /** Between batches; 0 for none. */
  readonly pauseSeconds: number;
  /** Whether somebody must agree after the first batch. */
  readonly confirm: boolean;
}

export interface HostsPattern {
  readonly pattern: string;
  readonly place: Place;
}

/** A text of the playbook, and where it stands. */
export interface Written {
  readonly text: string;
  readonly place: Place;
}

/** How a package comes to a host. */
export interface WantedPackage {
  readonly name: string;
  readonly state: 'present' | 'absent' | 'latest';
  /** A range of versions, as written. */
  readonly version?: Written;
  readonly allowDowngrade: boolean;
  /** Repositories switched on and off for this package alone, the play's own first. */
  readonly enablerepo: readonly string[];
  readonly disablerepo: readonly string[];
  /** The path of an rpm file that is pushed to the hosts. */
  readonly rpm?: Written;
  readonly place: Place;
}

export interface WantedHook extends WantedPackage {
  /** The catalogue's name; for a hook that it does not know, the package, or the name that the playbook gives it. */
  readonly name: string;
  readonly package: string;
  /** The path of a folder of `<event>/<name>`: a hook of the site's own. */
  readonly source?: Written;
  /** What the catalogue knows of it; undefined too for a folder that the playbook names. */
  readonly known?: Hook;
  /** Whether it may come where it can keep VMs from starting. */
  readonly acceptRisk: boolean;
}

/** A package repository, its options under dnf's names. */
export interface WantedRepository {
  readonly options: RepositoryData;
  /** Where an option stands; the repository's own place for one that is not there. */
  placeOf(option: string): Place;
}

/** A systemd unit; what is left out is not looked at. */
export interface WantedService {
  readonly name: string;
  readonly state?: 'started' | 'stopped';
  readonly enabled?: boolean;
  readonly place: Place;
}

export interface WantedEngine {
  readonly properties: EngineProperties;
  /** Where the engine host itself asks for the engine's health. */
  readonly healthUrl: string;
  /** How long the engine may take to be healthy after a restart. */
  readonly healthTimeoutSeconds: number;
  readonly place: Place;
}
