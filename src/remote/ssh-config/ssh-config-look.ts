import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Problem } from '../../core/input-error.ts';
import { parseHops } from '../../core/jump.ts';
import { thisUser } from '../this-user.ts';
import type { Condition, Setting } from './ssh-config-files.ts';
import type { Answer } from './ssh-g.ts';
import { matchesPatterns } from './ssh-pattern.ts';
import { acceptsAnyKey, type Called } from './ssh-settings.ts';

/**
 * What is to be asked of ssh for a host, as a name: hosts of the same name get the same answer. Undefined where no line
 * of the files counts for the host, so that there is nothing to ask.
 */
export function questionOf(
  settings: readonly Setting[],
  { address, port, user, jumps }: Called & { readonly jumps: boolean },
): string | undefined {
  const counting = settings.flatMap((setting, index) =>
    applies(setting, address) === 'no' ? [] : [{ setting, index }],
  );
  if (counting.length === 0) {
    return undefined;
  }
  const own = counting.some(({ setting }) => applies(setting, address) === 'maybe' || dependsOnHost(setting));
  return JSON.stringify([counting.map(({ index }) => index), port, user, jumps, own ? address : null]);
}

/** The answer as the files give it, where there is no ssh: the first value counts, what `Match` says is passed over. */
export function ownReading(settings: readonly Setting[], address: string): Answer {
  const answer = new Map<string, string[]>();
  for (const setting of settings) {
    const { keyword, args } = setting;
    if (applies(setting, address) === 'yes' && (keyword === 'identityfile' || !answer.has(keyword))) {
      answer.set(keyword, [...new Set([...(answer.get(keyword) ?? []), ...args])]);
    }
  }
  return answer;
}

/** What of the files is not heeded for these hosts. */
export function warningsOf(
  settings: readonly Setting[],
  addresses: readonly string[],
  hasSsh: boolean,
): readonly Problem[] {
  const counting = settings.filter(setting => countsForAny(setting, addresses));
  const careless = counting.filter(
    ({ keyword, args }) => keyword === 'stricthostkeychecking' && acceptsAnyKey(args[0]),
  );
  const accepting = counting.filter(
    ({ keyword, args }) => keyword === 'stricthostkeychecking' && args[0]?.toLowerCase() === 'accept-new',
  );
  const unjudged = hasSsh
    ? []
    : counting.filter(({ keyword, conditions }) => keyword === 'include' || conditions.some(isMatch));
  return [
    ...careless.map(({ args, place }) => ({
      place,
      message: `StrictHostKeyChecking ${args[0]} is not heeded: host keys are always checked`,
      hint: 'accept-new records the first key that a host shows, and refuses any other',
    })),
    ...accepting.map(({ place }) => ({
      place,
      message:
        'host keys: accept-new for hosts that this is for: the first key that a host shows is recorded',
    })),
    ...unjudged.map(({ keyword, args, place }) => ({
      place,
      message: `${keyword} ${args.join(' ')} is not heeded: there is no ssh on this machine to say for which hosts it is`,
      hint: 'Install the OpenSSH client, or write it under Host',
    })),
  ];
}

/**
 * The identity files that may count for some of the hosts or for the jump hosts that the files name for them, absolute;
 * those whose names depend on the host aside.
 */
export function identityFilesOf(
  settings: readonly Setting[],
  addresses: readonly string[],
): readonly string[] {
  const all = withHops(settings, addresses);
  const files = settings
    .filter(setting => setting.keyword === 'identityfile' && countsForAny(setting, all))
    .flatMap(({ args }) => args)
    .filter(file => file !== 'none')
    .map(file =>
      file.replace(/^~(?=\/|$)|^%d(?=\/|$)/, () => homedir()).replaceAll('%u', () => thisUser().name),
    )
    .filter(file => !/%[^%]|\$\{/.test(file));
  return [...new Set(files.map(file => resolve(homedir(), file)))];
}

function withHops(settings: readonly Setting[], addresses: readonly string[]): readonly string[] {
  const hops = settings
    .filter(setting => setting.keyword === 'proxyjump' && countsForAny(setting, addresses))
    .flatMap(({ args: [jump = ''] }) => (parseHops(jump) ?? []).map(({ address }) => address))
    .filter(hop => !addresses.includes(hop));
  return hops.length === 0 ? addresses : withHops(settings, [...new Set([...addresses, ...hops])]);
}

function countsForAny(setting: Setting, addresses: readonly string[]): boolean {
  return addresses.some(address => applies(setting, address) !== 'no');
}

/** `maybe`: that is for ssh to say. */
function applies({ keyword, conditions }: Setting, address: string): 'yes' | 'no' | 'maybe' {
  const failed = conditions.some(
    condition => condition.kind === 'host' && !matchesPatterns(condition.patterns, address),
  );
  return failed ? 'no' : keyword === 'include' || conditions.some(isMatch) ? 'maybe' : 'yes';
}

function isMatch({ kind }: Condition): boolean {
  return kind === 'match';
}

/** The value differs from host to host: ssh puts the host's name into it, or asks the name service. */
function dependsOnHost({ keyword, args }: Setting): boolean {
  return keyword === 'canonicalizehostname'
    ? !/^(?:no|false|none)$/i.test(args[0] ?? '')
    : EXPANDED_BY_SSH.has(keyword) && args.some(arg => arg.includes('%'));
}

const EXPANDED_BY_SSH: ReadonlySet<string> = new Set([
  'hostname',
  'user',
  'userknownhostsfile',
  'globalknownhostsfile',
]);
