import {
  exampleValue,
  type Language,
  type NewHook,
  type NewProperty,
  nameProblem,
  propertyKinds,
  propertyNameProblem,
  takenProblem,
} from '../../authoring/new/new-hook.ts';
import { treeEvents, type VdsmTree } from '../../authoring/tree/read-tree.ts';
import { treePoint } from '../../authoring/tree/tree-point.ts';
import { findHookPoint, HOOK_POINTS, type HookPoint } from '../../catalog/events.ts';
import { InputError, type Problem } from '../../core/input-error.ts';
import { didYouMean } from '../../core/suggest.ts';
import { deviceRegexFault, networkRegexFault, regexFault } from '../../playbook/regex.ts';

/** The words of `hooks new` that say what the hook is. */
export interface HookWords {
  readonly event?: readonly string[];
  readonly language: Language;
  readonly property?: string;
  readonly summary?: string;
}

/** The events that a hook can have. */
export interface KnownEvents {
  readonly names: readonly string[];
  readonly find: (name: string) => HookPoint | undefined;
  /** Where they are listed, for a hint. */
  readonly listed: string;
}

const CATALOGUE: KnownEvents = {
  names: HOOK_POINTS.map(({ name }) => name),
  find: findHookPoint,
  listed: '`hookfleet hooks events` lists all of them.',
};

/** The events of a checkout of VDSM, which may be older than the catalogue, or have its own. */
export function treeEventsOf(tree: VdsmTree): KnownEvents {
  const names = treeEvents(tree);
  return {
    names,
    find: name => (names.includes(name) ? treePoint(tree, name) : undefined),
    listed:
      'VDSMHOOKS in vdsm_hooks/Makefile.am lists those of this checkout; `hookfleet hooks new-point` adds one.',
  };
}

/** What is wrong with the name of a hook. */
export function wordProblems(name: string): readonly Problem[] {
  return [nameProblem(name) ?? []].flat();
}

/**
 * Reads the words of `hooks new`.
 *
 * @param where whether names of the catalogue are taken, and the events of a checkout.
 * @throws {InputError} with everything that is wrong in them.
 */
export function hookFrom(
  name: string,
  words: HookWords,
  where: { readonly taken: boolean; readonly tree?: KnownEvents },
): NewHook {
  const known = where.tree ?? CATALOGUE;
  const events = [...new Set(words.event ?? [])];
  const points = events.flatMap(event => known.find(event) ?? []);
  const summary = words.summary?.trim() ?? `${name} hook for VDSM`;
  const property = propertyOf(name, words, points);
  const problems = [
    ...[nameProblem(name) ?? (where.taken ? takenProblem(name) : undefined) ?? []].flat(),
    ...eventProblems(events, known),
    ...property.problems,
    ...summaryProblems(summary),
  ];
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return { name, points, language: words.language, summary, property: property.value };
}

function eventProblems(events: readonly string[], known: KnownEvents): Problem[] {
  if (events.length === 0) {
    return [
      { message: 'it says at no event when the hook runs', hint: `Give --event EVENT. ${known.listed}` },
    ];
  }
  return events
    .filter(event => !known.names.includes(event))
    .map(event => {
      const near = didYouMean(event, known.names);
      return { message: `unknown event "${event}"`, hint: near ? `Did you mean "${near}"?` : known.listed };
    });
}

function summaryProblems(summary: string): Problem[] {
  return /^[\x20-\x5b\x5d-\x7e]{1,70}$/.test(summary) && !summary.includes("'''") && !summary.includes('%')
    ? []
    : [
        {
          message: '--summary does not fit into one line of a spec file',
          hint: 'Use at most 70 letters, digits and signs of ASCII, without % and backslash.',
        },
      ];
}

function propertyOf(
  name: string,
  words: HookWords,
  points: readonly HookPoint[],
): { readonly value: NewProperty | undefined; readonly problems: readonly Problem[] } {
  const kinds = propertyKinds(points);
  if (kinds.length === 0) {
    const message = '--property has no use here: none of these events gets custom properties';
    const wrong = words.property !== undefined && points.length > 0;
    return { value: undefined, problems: wrong ? [{ message, hint: 'Leave it out.' }] : [] };
  }
  const given = words.property ?? `${name}=^(true|false)$`;
  const at = given.indexOf('=');
  if (at === -1) {
    const message = `--property "${given}" has no regular expression`;
    return { value: undefined, problems: [{ message, hint: `Give --property '${given}=^[a-z]+$'.` }] };
  }
  const [property, regex] = [given.slice(0, at), given.slice(at + 1)];
  const faults = { vm: regexFault, device: deviceRegexFault, network: networkRegexFault };
  // A wrong name of the hook is told by itself, not of its property once more.
  const named = words.property !== undefined || nameProblem(name) === undefined;
  const problems = kinds.flatMap((kind): Problem[] => {
    const fault = faults[kind](regex);
    return [
      ...(named ? [propertyNameProblem(property, kind) ?? []].flat() : []),
      ...(fault === undefined ? [] : [{ message: `--property ${property}: ${fault}` }]),
    ];
  });
  return {
    value: { name: property, regex, kinds, value: exampleValue(regex) },
    problems: [...new Map(problems.map(problem => [problem.message, problem])).values()],
  };
}
