import { sh } from '../../core/sh.ts';
import type { VmSetOptions } from './vm-options.ts';
import type { SetWords } from './vm-words.ts';

/** What was said on the command line itself: what the environment and the settings say will be there again. */
export type Typed = Partial<VmSetOptions>;

/** The command that brings what waits into effect, quoted for the shell. */
export function againLine(labels: readonly string[], { wishes, patterns }: SetWords, typed: Typed): string {
  const areFew = labels.length <= MOST_NAMES;
  const { search } = typed;
  const words = [
    ...(areFew ? labels : patterns),
    ...wishes.flatMap(wish => ('absent' in wish ? [] : [`${wish.name}=${wish.value}`])),
    ...wishes.flatMap(wish => ('absent' in wish ? ['--unset', wish.name] : [])),
    ...(areFew || search === undefined ? [] : ['--search', search]),
    ...engineWords(typed),
    '--restart',
  ];
  return sh`hookfleet vm set ${words}`.text;
}

/** The command that starts a VM which a restart has left down, quoted for the shell. */
export function startLine(label: string, typed: Typed): string {
  return sh`hookfleet vm start ${[label, ...engineWords(typed)]}`.text;
}

/** More names are hard to look over. */
const MOST_NAMES = 10;

/** The options that say which engine is meant, and how it is reached. */
function engineWords(typed: Typed): string[] {
  const { inventory = [], engine, engineUrl, engineUser, enginePasswordFile, engineCa } = typed;
  const given = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  return [
    ...inventory.flatMap(file => ['-i', file]),
    ...given('--engine', engine || undefined),
    ...given('--engine-url', engineUrl),
    ...given('--engine-user', engineUser),
    ...given('--engine-password-file', enginePasswordFile),
    ...given('--engine-ca', engineCa),
  ];
}
