import { InvalidArgumentError } from 'commander';

/**
 * The value of an option that is a whole number of at least 1.
 *
 * @throws {InvalidArgumentError} for anything else.
 */
export function positiveInteger(text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1 || number > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  }
  return number;
}
