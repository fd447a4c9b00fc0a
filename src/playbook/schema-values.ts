import { z } from 'zod';
import { describe } from './describe.ts';

/** The message of a value that is missing or of another kind, in plain words. */
export const expected = (noun: string) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `is missing: ${noun}` : `expected ${noun}, found ${describe(input)}`,
});

/** Text that is not blank. */
export const text = (noun: string) => z.string(expected(noun)).regex(/\S/, expected(noun));

const FLAGS = new Map([
  ...['yes', 'on', 'true'].map(word => [word, true] as const),
  ...['no', 'off', 'false'].map(word => [word, false] as const),
]);

/** `true` and `false`, and the other words that Ansible's YAML 1.1 takes for them. */
export const flag = z.preprocess(
  value => (typeof value === 'string' ? (FLAGS.get(value.toLowerCase()) ?? value) : value),
  z.boolean(expected('true or false')),
);

/** One word, or a list of them: ids of repositories, glob patterns, URLs. */
export const words = (noun: string) =>
  z.union(
    [text(noun), z.array(text(noun), expected(`a list of ${noun}s`))],
    expected(`${noun}, or a list of them`),
  );
