import type { Place } from '../core/input-error.ts';
import type { EngineProperties } from './engine-properties.ts';

/** A playbook that was read and checked: what follows can trust it. */
export interface Playbook {
  /** As the user gave it; relative paths inside the playbook are relative to its folder. */
  readonly file: string;
  /** In the order written, which is the order in which they run. */
  readonly plays: readonly Play[];
}

/** The state that the hosts of a pattern shall have. Lists are empty where the play says nothing. */
export interface Play {
  /** Its `name`, else its host pattern. */
  readonly name: string;
  readonly place: Place;
  readonly hosts: HostsPattern;
  /** Whether root's rights are taken with sudo; false where the play says nothing. */
  readonly become: boolean;
  /** How many of its hosts may go wrong, in per cent (0 to 100), before nothing more is started. */
  readonly maxFailPercentage: number;
  readonly packages: readonly WantedPackage[];
  readonly vdsmHooks: readonly WantedHook[];
  readonly services: readonly WantedService[];
  readonly engine?: WantedEngine;
}

export interface HostsPattern {
  readonly pattern: string;
  readonly place: Place;
}

export interface WantedPackage {
  readonly name: string;
  readonly state: 'present' | 'absent';
  readonly place: Place;
}

export interface WantedHook {
  /** The catalogue's name; for a hook that it does not know, the package. */
  readonly name: string;
  readonly package: string;
  readonly state: 'present' | 'absent';
  readonly place: Place;
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
