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
