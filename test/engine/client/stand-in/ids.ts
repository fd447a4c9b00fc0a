import { createHash } from 'node:crypto';

/** A GUID that is the same for the same thing. */
export function idOf(kind: string, name: string): string {
  const digits = createHash('sha256').update(`${kind} ${name}`).digest('hex');
  return digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
