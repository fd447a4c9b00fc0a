import { readFileSync } from 'node:fs';

/** hookfleet's own version, as its package has it. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(version);
}
