import type { HostResult } from '../core/host-result.ts';
import type { Outcome } from '../core/outcome.ts';

/** The format of a record; a later one may say more, and is read by a later hookfleet. */
export const RECORD_FORMAT = 1;

/** What was asked of a run, and by whom: the first line of its record. */
export interface RunAsked {
  /** The id of the run, which begins with its start: ids sort by age. */
  readonly id: string;
  /** The version that ran. */
  readonly hookfleet: string;
  readonly command: string;
  /** The command's own words, paths absolute. */
  readonly words: readonly string[];
  /** Whether it was to change hosts. */
  readonly changes: boolean;
  /** The command line as typed. */
  readonly typed: readonly string[];
  readonly folder: string;
  readonly playbook: { readonly file: string; readonly sha256: string } | null;
  /** Of files the absolute paths. */
  readonly inventory: readonly string[];
  readonly by: RunBy;
  readonly startedAt: string;
  readonly forks: number;
  readonly plays: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  /** Of each host by name; with the port where one is given. */
  readonly addresses: Readonly<Record<string, string>>;
}

export interface RunBy {
  readonly user: string;
  /** Who became that user with sudo. */
  readonly sudoUser: string | null;
  /** The name of the control machine. */
  readonly host: string;
  readonly pid: number;
  /** Tells the process from a later one with the same number, where the system can. */
  readonly process: string | null;
}

/** How a run ended: the last line of its record. */
export interface RunEnd {
  readonly at: string;
  readonly ms: number;
  readonly exitCode: number;
  readonly stopped: string | null;
  readonly interrupted: boolean;
  readonly totals: Readonly<Record<Outcome, number>>;
}

/** How a host came out of a play. */
export interface HostLine {
  readonly type: 'host';
  /** From 0. */
  readonly play: number;
  readonly host: string;
  readonly result: HostResult;
}

/** One line of a record: a JSON object. The first is `begin`; `end` is missing in the record of a run that was killed. */
export type RecordLine =
  | { readonly type: 'begin'; readonly format: number; readonly asked: RunAsked }
  /** The run goes over the hosts; what earlier passes found counts no more. */
  | { readonly type: 'pass'; readonly apply: boolean }
  /** The first change of a host begins. */
  | { readonly type: 'changing'; readonly play: number; readonly host: string }
  | HostLine
  | { readonly type: 'end'; readonly end: RunEnd };
