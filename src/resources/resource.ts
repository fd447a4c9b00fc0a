import type { Change, Subject } from '../core/change.ts';
import type { EngineBefore, EngineValues } from '../core/engine-values.ts';
import type { Section } from '../core/section.ts';
import type { Sh } from '../core/sh.ts';

/**
 * A kind of state that hookfleet keeps on a host. A resource never talks to a host: it is four pure functions around
 * data, and the run engine carries the shell text there and the reply back.
 *
 * The shell text runs as root under a POSIX `sh` whose working folder is the host's root folder, with `LC_ALL=C`,
 * `umask 022`, a PATH of the system's folders, stdin at its end, and in a subshell of its own. `$ROOT` is the prefix
 * of every absolute path (empty on a real host): write `"$ROOT"/etc/x`, or `./etc/x`.
 */
export interface Resource<Wanted, Found> {
  readonly kind: string;
  /** Shell text that prints what is there, and changes nothing. */
  probe(wanted: Wanted): Sh;
  /**
   * The probe's reply, read into a typed state.
   * @throws {HostError} of outcome `failed` where the reply shows that the state cannot be told.
   */
  read(reply: Section, wanted: Wanted): Found;
  /** What is still needed; no drift means converged. */
  diff(wanted: Wanted, found: Found): Diff;
  /** The steps that make the given changes, in order; each leaves the host consistent, whether or not the next runs. */
  apply(changes: readonly Change[], wanted: Wanted, found: Found): readonly Step[];
  /** What the probe looks at, for reports on what is as it should be; left out, only what differs is known. */
  subjects?(wanted: Wanted): readonly Subject[];
  /** Of the engine: its properties as they were found. */
  engineValues?(found: Found): EngineValues;
}

export interface Diff {
  /** What `apply` would do. */
  readonly changes: readonly Change[];
  /** Drift that no change of this resource can mend; a person must. */
  readonly blocked: readonly Blocked[];
  /**
   * What should not be there and is left alone on purpose: drift in `check`; `apply` lists it, and neither its outcome
   * nor its verification suffers.
   */
  readonly unmanaged?: readonly Change[];
  /** Worth knowing, but no drift. */
  readonly notes: readonly string[];
}

export interface Blocked {
  readonly change: Change;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** What a person can do about it. */
  readonly hint: string;
  /** It would be dangerous to go on: nothing at all is changed on a host that has it. */
  readonly refusesHost?: true;
}

/** One command of the changing script. It ends with the first step that fails; later ones do not run. */
export interface Step {
  /** What it does, for progress and errors: `install vdsm-hook-diskunmap`. */
  readonly title: string;
  /** Run under `set -e`; success is exit code 0. */
  readonly script: Sh;
  /** What a person would call the command, for errors; left out, a script of one line stands for itself. */
  readonly command?: string;
  /** What it adds to the time limit of the script, in seconds; the host itself ends a script that takes longer. */
  readonly timeoutSeconds: number;
  /** It has the time of a dnf transaction besides (`ScriptLimits`). */
  readonly isTransaction?: boolean;
  /** The changes that are made once this step has succeeded; empty for a preparing step. */
  readonly changes: readonly Change[];
  /** The changes as they were made, where only the host can tell: real versions, what came in with a package. */
  made?(done: Section): readonly Change[];
  /** It takes long, and each line that it prints is shown as soon as it comes. */
  readonly tells?: boolean;
  /** What is saved once it has succeeded, for the result of the host. */
  readonly saves?: EngineBefore;
  /** What a failure means, where the command's own words do not say it well enough. */
  explain?(failed: Section): Explanation | undefined;
}

export interface Explanation {
  readonly message: string;
  readonly hint: string;
}
