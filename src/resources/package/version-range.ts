import { compareEvr, parseEvr } from './rpm-version.ts';

export type BoundOperator = '=' | '>=' | '<=' | '>' | '<';

export interface VersionBound {
  readonly operator: BoundOperator;
  /** `version`, `version-release` or `epoch:version-release`; without a release it holds for every release. */
  readonly evr: string;
}

/** The versions that a playbook allows: all of the bounds hold. */
export interface VersionRange {
  /** As people write it, tidied: `>=4.50 <4.60`, `=4.50.5`. */
  readonly text: string;
  readonly bounds: readonly VersionBound[];
}

/** What is wrong with a range, and how it should read. */
export interface RangeFault {
  readonly fault: string;
  readonly hint: string;
}

const EVR = /^(?:\d{1,9}:)?[A-Za-z0-9._+~^]+(?:-[A-Za-z0-9._+~^]+)?$/;

const HOW_TO = 'Write bounds such as ">=4.50 <4.60", or one version such as "4.50.5".';

/** Reads bounds that are joined by blanks: `>=4.50 <4.60`, `=4.50.5`, or `4.50.5`, which means the same. */
export function parseRange(text: string): VersionRange | RangeFault {
  const words = text
    .replaceAll(/([<>=])\s+/g, '$1')
    .trim()
    .split(/\s+/);
  const bounds: VersionBound[] = [];
  for (const word of words) {
    const [, operator = '=', evr = ''] = /^(>=|<=|=|>|<)?(.*)$/s.exec(word) ?? [];
    if (!EVR.test(evr)) {
      return { fault: `"${word}" is no bound of a version`, hint: hintFor(word) };
    }
    bounds.push({ operator: operator as BoundOperator, evr });
  }
  return isEmpty(bounds)
    ? { fault: `no version is in the range "${text.trim()}"`, hint: HOW_TO }
    : rangeOf(bounds);
}

/** The range that holds one version alone. */
export function exactly(evr: string): VersionRange {
  return rangeOf([{ operator: '=', evr }]);
}

/** Where a version stands: `in` the range, `below` it (an upgrade is due) or `above` it (a downgrade is). */
export function placeInRange(evr: string, range: VersionRange): 'in' | 'below' | 'above' {
  for (const bound of range.bounds) {
    const order = compareEvr(evr, bound.evr);
    if (order < 0 ? isLower(bound) : order === 0 && bound.operator === '>') {
      return 'below';
    }
    if (order > 0 ? isUpper(bound) : order === 0 && bound.operator === '<') {
      return 'above';
    }
  }
  return 'in';
}

function rangeOf(bounds: readonly VersionBound[]): VersionRange {
  return { text: bounds.map(({ operator, evr }) => `${operator}${evr}`).join(' '), bounds };
}

function hintFor(word: string): string {
  if (word.includes(',')) {
    return 'Join bounds with a blank: ">=4.50 <4.60".';
  }
  return /^(?:==|!=|~=|=>|=<)/.test(word) ? `There is =, >=, <=, > and <. ${HOW_TO}` : HOW_TO;
}

function isLower({ operator }: VersionBound): boolean {
  return operator === '=' || operator === '>' || operator === '>=';
}

function isUpper({ operator }: VersionBound): boolean {
  return operator === '=' || operator === '<' || operator === '<=';
}

/** Whether two of the bounds leave nothing between them. */
function isEmpty(bounds: readonly VersionBound[]): boolean {
  return bounds
    .filter(isLower)
    .some(lower => bounds.filter(isUpper).some(upper => nothingBetween(lower, upper)));
}

function nothingBetween(lower: VersionBound, upper: VersionBound): boolean {
  const order = compareEvr(lower.evr, upper.evr);
  if (order !== 0) {
    return order > 0;
  }
  const [low, up] = [hasRelease(lower), hasRelease(upper)];
  return (lower.operator === '>' && (!low || up)) || (upper.operator === '<' && (!up || low));
}

function hasRelease({ evr }: VersionBound): boolean {
  return parseEvr(evr).release !== null;
}
