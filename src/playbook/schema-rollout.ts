import { z } from 'zod';
import { expected, flag, text } from './schema-values.ts';

const size = expected('a number of hosts of at least 1, or a percentage from 1% to 100%');

const batchSize = z.union(
  [
    z.number(size).int(size).min(1, size),
    z.string(size).refine(value => /^\d{1,3}%$/.test(value) && inPercent(value), size),
  ],
  size,
);

function inPercent(value: string): boolean {
  const percent = Number.parseInt(value, 10);
  return percent >= 1 && percent <= 100;
}

const sizes = expected('a number of hosts, a percentage such as 25%, or a list of them');
const percentage = expected('a number from 0 to 100');
const count = expected('a whole number of hosts, from 0');
const seconds = expected('a whole number of seconds, from 1 to 86400');
const span = expected('a time from 1s to 24h, such as 30s, 10m or 2h');

/** The keys of a play that say how it goes over its hosts, and when it stops. */
export const ROLLOUT = {
  serial: z.union([batchSize, z.array(batchSize, sizes).min(1, sizes)], sizes).optional(),
  max_fail_percentage: z.number(percentage).min(0, percentage).max(100, percentage).optional(),
  max_failed: z.number(count).int(count).min(0, count).optional(),
  verify: text('a command')
    .refine(value => !value.includes('\0'), { error: 'a command cannot hold the character NUL' })
    .optional(),
  verify_timeout: z.number(seconds).int(seconds).min(1, seconds).max(86_400, seconds).optional(),
  pause: z
    .string(span)
    .refine(value => inSeconds(value) >= 1 && inSeconds(value) <= 86_400, span)
    .optional(),
  confirm: flag.optional(),
};

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** The seconds of `30s`, `10m` or `2h`; NaN for anything else. */
export function inSeconds(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? Number.NaN);
}
