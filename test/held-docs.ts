import { readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Holds a part of a page of the docs to what the program or the tests say: what stands between `<!-- NAME: … -->` and
 * `<!-- end of NAME -->`. With `UPDATE_DOCS=1` it is written there instead.
 *
 * @param page below the project's folder: `docs/engine.md`.
 */
export async function heldInDocs(
  t: ExecutionContext,
  page: string,
  name: string,
  text: string,
): Promise<void> {
  const file = `${ROOT}${page}`;
  const found = await readFile(file, 'utf8');
  const block = new RegExp(`(<!-- ${name}: .* -->\n)[^]*?(<!-- end of ${name} -->)`);
  t.regex(found, block, `${page} has no place for it`);
  const fresh = found.replace(block, (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`);
  if (process.env.UPDATE_DOCS === '1') {
    await writeFile(file, fresh);
    return;
  }
  const me = relative(ROOT, fileURLToPath(test.meta.file));
  const lacks = fresh.split('\n').filter(line => !found.split('\n').includes(line));
  t.true(
    found === fresh,
    [`${page} is stale: UPDATE_DOCS=1 npx ava ${me} writes it`, ...lacks.map(line => `lacks: ${line}`)].join(
      '\n',
    ),
  );
}
