import type { Play } from '../../playbook/play.ts';

/** A play with the hosts that its pattern names, and those that are left of them. */
export interface LimitedPlay {
  readonly play: Play;
  readonly all: readonly string[];
  readonly names: ReadonlySet<string>;
}

/**
 * What the user should know of a run with `--limit` or `--rerun`: the plays that are not run at all, and the hosts that an engine play
 * comes after, and that will not have been brought up to date before it. The engine's properties do no harm without
 * their hooks, so it is run all the same.
 *
 * @param limits what leaves a part of the hosts, as typed; nothing is told without.
 */
export function limitNotes(plays: readonly LimitedPlay[], limits: readonly string[]): readonly string[] {
  if (limits.length === 0) {
    return [];
  }
  const by = limits.map(limit => limit.split(' ')[0] ?? '').join(' with ');
  return [
    ...plays
      .filter(({ names }) => names.size === 0)
      .map(({ play }) => `${by} leaves no host of the play "${play.name}": it is not run`),
    ...plays.flatMap(({ play, names }, i) =>
      play.engine && names.size > 0 ? missing(play.name, plays.slice(0, i), by) : [],
    ),
  ];
}

const MOST_NAMES = 5;

function missing(engine: string, earlier: readonly LimitedPlay[], by: string): string[] {
  const hooks = earlier.filter(({ play }) => play.vdsmHooks.length > 0);
  const all = new Set(hooks.flatMap(one => one.all));
  const run = new Set(hooks.flatMap(({ names }) => [...names]));
  const left = [...all].filter(name => !run.has(name));
  if (left.length === 0) {
    return [];
  }
  const more = left.length > MOST_NAMES ? ` and ${left.length - MOST_NAMES} more` : '';
  return [
    `${by} leaves out ${left.length} of the ${all.size} hosts whose hooks the play "${engine}" comes after (${left.slice(0, MOST_NAMES).join(', ')}${more}): what they have is not looked at`,
  ];
}
