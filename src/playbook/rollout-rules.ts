import type { Problem } from '../core/input-error.ts';
import type { Mapping } from './raw.ts';
import type { YamlSource } from './yaml-source.ts';

/** Keys that mean nothing without another one: to take them in silence would be a lie. */
const NEEDS: Readonly<Record<string, { readonly key: string; readonly hint: string }>> = {
  pause: {
    key: 'serial',
    hint: 'It waits between batches, and a play without serial is one batch: add serial.',
  },
  confirm: {
    key: 'serial',
    hint: 'It asks after the first batch, and a play without serial is one batch: add serial.',
  },
  verify_timeout: { key: 'verify', hint: 'Give the command whose time it limits.' },
};

/** The rules of a play's rollout that reach over more than one value. */
export function rolloutRules(play: Mapping, index: number, source: YamlSource): Problem[] {
  return Object.entries(NEEDS).flatMap(([key, { key: needed, hint }]) =>
    play[key] !== undefined && play[key] !== false && play[needed] === undefined
      ? [{ place: source.place([index, key], 'key'), message: `${key} needs ${needed}`, hint }]
      : [],
  );
}
