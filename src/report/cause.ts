import type { Failure } from '../core/failure.ts';
import type { Outcome } from '../core/outcome.ts';

/** What a host is called besides its name, in its errors: its address. By the host's name. */
export type Aliases = ReadonlyMap<string, readonly string[]>;

/** The same trouble, or the same reason for not being started, of one or many hosts. */
export interface Cause {
  readonly outcome: Outcome;
  /** As the first host has it; where the hosts' texts differ, without what is each one's own. */
  failure: Failure;
  readonly hosts: string[];
}

/** Gathers the causes of trouble, host by host, so that what many hosts have in common is said once. */
export interface Causes {
  /** In the order in which they came up. */
  all(): readonly Cause[];
  /** @returns the cause that the host now belongs to; it is a new one if the host is its only one. */
  add(host: string, outcome: Outcome, failure: Failure): Cause;
}

/** @param fold whether texts that differ in a host's name, address or fingerprints alone are the same. */
export function gatherCauses(aliases: Aliases, fold = true): Causes {
  const causes = new Map<string, Cause>();
  return {
    all: () => [...causes.values()],
    add(host, outcome, failure) {
      const common = fold ? commonFailure(failure, [host, ...(aliases.get(host) ?? [])]) : failure;
      const key = JSON.stringify([outcome, common]);
      const cause = causes.get(key) ?? { outcome, failure, hosts: [] };
      causes.set(key, cause);
      cause.hosts.push(host);
      if (cause.failure !== failure && JSON.stringify(cause.failure) !== JSON.stringify(failure)) {
        cause.failure = common;
      }
      return cause;
    },
  };
}

function commonFailure(failure: Failure, names: readonly string[]): Failure {
  const orNull = (text: string | null) => (text === null ? null : commonText(text, names));
  return {
    ...failure,
    message: commonText(failure.message, names),
    step: commonText(failure.step, names),
    command: orNull(failure.command),
    stderr: orNull(failure.stderr),
    hint: orNull(failure.hint),
  };
}

function commonText(text: string, names: readonly string[]): string {
  // A name that is a plain word could be any word of the text.
  return names
    .filter(name => /[\d.:-]/.test(name) && text.includes(name))
    .toSorted((a, b) => b.length - a.length)
    .reduce(
      (found, name) => found.replaceAll(wholeName(name), '<host>'),
      text.replaceAll(/SHA256:[A-Za-z0-9+/]{43}=?/g, 'SHA256:…'),
    );
}

function wholeName(name: string): RegExp {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`, 'g');
}
