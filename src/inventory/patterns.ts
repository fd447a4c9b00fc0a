import { isIPv6 } from 'node:net';
import { InputError, type Place, type Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import { globToRegExp, isGlob } from './glob.ts';
import { groupHosts, type Inventory } from './inventory.ts';

/**
 * The hosts that an Ansible pattern names, in the order in which Ansible lists them: `a:b` or `a,b` both, `a:&b` those
 * of a that are in b too, `a:!b` those of a that are not in b, globs, `~regex`, `group[0]`, `group[1:3]` (both ends
 * count). First all plain terms, then `&`, then `!`, wherever they stand (lib/ansible/inventory/manager.py).
 *
 * @param pattern as written, or its terms.
 * @param place where it stands, for the errors.
 * @throws {InputError} if a term, even one behind `!`, matches no group and no host, or if no host is left.
 */
export function matchHosts(
  inventory: Inventory,
  pattern: string | readonly string[],
  place?: Place,
): string[] {
  const hosts = evaluate(inventory, typeof pattern === 'string' ? splitTerms(pattern) : pattern, place);
  if (hosts.length === 0) {
    throw new InputError([
      problem(place, {
        message: `The pattern "${typeof pattern === 'string' ? pattern : pattern.join(':')}" leaves no host`,
      }),
    ]);
  }
  return hosts;
}

/**
 * The hosts of a play: those of its pattern that the limit (`--limit`) names too, in the pattern's order. Empty if they
 * have none in common, which is nothing wrong as long as another play of the run has some.
 *
 * @throws {InputError} as {@link matchHosts}, for the pattern and for the limit.
 */
export function limitHosts(
  inventory: Inventory,
  pattern: string,
  limit: string | readonly string[],
  place?: Place,
): string[] {
  const limited = new Set(matchHosts(inventory, limit));
  return matchHosts(inventory, pattern, place).filter(host => limited.has(host));
}

type Fault = Pick<Problem, 'message' | 'hint'>;

function evaluate(inventory: Inventory, terms: readonly string[], place: Place | undefined): string[] {
  if (terms.length === 0) {
    throw new InputError([
      problem(place, { message: 'The host pattern is empty', hint: 'For every host write all' }),
    ]);
  }
  const faults: Fault[] = [];
  const resolved = terms.map(term => {
    const sign = /^[&!]/.exec(term)?.[0] ?? '';
    // Only a plain term looks for a host before a group of the same name.
    const hosts =
      sign === '' && inventory.hosts.has(term) ? [term] : matchTerm(inventory, term.slice(sign.length));
    if (!Array.isArray(hosts)) {
      faults.push(hosts);
    }
    return { sign, hosts: new Set(Array.isArray(hosts) ? hosts : []) };
  });
  if (faults.length > 0) {
    throw new InputError(faults.map(fault => problem(place, fault)));
  }
  const plain = resolved.filter(({ sign }) => sign === '');
  const start = plain.length === 0 ? groupHosts(inventory, 'all') : plain.flatMap(({ hosts }) => [...hosts]);
  return [...new Set(start)].filter(host =>
    resolved.every(({ sign, hosts }) => sign === '' || hosts.has(host) === (sign === '&')),
  );
}

/** The terms of a pattern, with their signs. With a comma anywhere, commas separate; else colons do, but not those of an IPv6 address or of `[1:3]`. */
export function splitTerms(pattern: string): string[] {
  const separate = () => pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [];
  const terms = pattern.includes(',') || isIPv6(pattern.trim()) ? pattern.split(',') : separate();
  return terms.map(term => term.trim()).filter(term => term !== '');
}

/** The hosts of one term without its sign; may be none where the term names an empty group. */
function matchTerm(inventory: Inventory, term: string): string[] | Fault {
  const [, base, index, first, last] =
    (term.startsWith('~') ? undefined : /^(.+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]$/.exec(term)) ?? [];
  if (base === undefined) {
    return matchNames(inventory, term);
  }
  const matches = matchNames(inventory, base);
  if (!Array.isArray(matches)) {
    return matches;
  }
  const hosts =
    index === undefined
      ? matches.slice(Number(first), last === '' ? undefined : Number(last) + 1)
      : matches.slice(Number(index)).slice(0, 1);
  return hosts.length === 0
    ? {
        message: `"${term}" matches no host: "${base}" has ${matches.length}`,
        hint: 'Positions count from 0, and of [1:3] both ends count',
      }
    : hosts;
}

function matchNames(inventory: Inventory, term: string): string[] | Fault {
  const expression = compile(term);
  if (expression !== undefined && 'message' in expression) {
    return expression;
  }
  const matches = (names: ReadonlyMap<string, unknown>) =>
    expression === undefined
      ? [term].filter(name => names.has(name))
      : [...names.keys()].filter(name => expression.test(name));
  const groups = matches(inventory.groups);
  const hosts =
    groups.length === 0 || expression !== undefined || term.includes('.') ? matches(inventory.hosts) : [];
  if (groups.length === 0 && hosts.length === 0) {
    const meant = didYouMean(term, [...inventory.groups.keys(), ...inventory.hosts.keys()]);
    return {
      message: `"${term}" matches no group and no host of the inventory`,
      hint:
        meant === undefined
          ? 'See what there is: hookfleet inventory -i INVENTORY --graph'
          : `Did you mean "${meant}"?`,
    };
  }
  return [...groups.flatMap(name => groupHosts(inventory, name)), ...hosts];
}

/** The names that a term matches: undefined for a plain word, which matches itself. */
function compile(term: string): RegExp | Fault | undefined {
  try {
    if (term.startsWith('~')) {
      const [, ignoreCase, source = ''] = /^~(\(\?i\))?(.*)$/s.exec(term) ?? [];
      return new RegExp(`^(?:${source})`, ignoreCase === undefined ? 's' : 'si');
    }
    return isGlob(term) ? globToRegExp(term) : undefined;
  } catch (error) {
    return {
      message: `"${term}" is no pattern: ${error instanceof Error ? error.message : error}`,
      hint: 'Behind ~ stands a regular expression; brackets in a glob hold characters, as in [a-e]',
    };
  }
}

function problem(place: Place | undefined, fault: Fault): Problem {
  return place === undefined ? fault : { place, ...fault };
}
