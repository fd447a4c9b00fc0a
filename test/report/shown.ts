import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

/**
 * Compares a text with the file in test/report/shown that says how it should look. `UPDATE_SHOWN=1 npx ava …` writes the
 * files anew, for somebody to look at.
 */
export function looksLike(t: ExecutionContext, name: string, text: string): void {
  const file = fileURLToPath(new URL(`shown/${name}.txt`, import.meta.url));
  if (process.env.UPDATE_SHOWN === '1') {
    writeFileSync(file, `${text}\n`);
  }
  t.is(
    text,
    existsSync(file) ? readFileSync(file, 'utf8').replace(/\n$/, '') : 'nothing: there is no such file',
  );
}
