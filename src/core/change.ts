/** One difference between what is wanted and what is on a host; in `check` the drift, in `apply` what was done about it. */
export interface Change {
  /** The kind of resource: `package`, `vdsm-hook`, `service`, `engine-properties` … */
  readonly resource: string;
  /** What exactly, within the kind: a package, `hook: path`, `KEY level`. */
  readonly id: string;
  /** What mends it: `install`, `mode`, `set`, `restart` … */
  readonly action: string;
  /** The state found, for people; null where there is none. */
  readonly before: string | null;
  /** The state wanted, for people; null where nothing shall be left. */
  readonly after: string | null;
}

/**
 * What a run looks at on a host, whether or not it differs: a kind of resource, and within it what the first word of a
 * change's id names. An empty id stands for whatever else there is of the kind.
 */
export type Subject = Pick<Change, 'resource' | 'id'>;
