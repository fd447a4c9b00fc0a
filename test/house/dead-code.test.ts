import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';

const ROOT = new URL('../../', import.meta.url);

interface Source {
  readonly file: string;
  readonly text: string;
}

function sourcesIn(folder: string): readonly Source[] {
  return readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(?:ts|mjs|js)$/.test(name))
    .map(name => ({ file: `${folder}${name}`, text: readFileSync(new URL(folder + name, ROOT), 'utf8') }));
}

const program = sourcesIn('src/');
const tests = sourcesIn('test/');

/** The files that an import names, from the import lines of a file. */
function importedFiles({ file, text }: Source): readonly string[] {
  const names = [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'(\.[^']+)'/g)].map(
    ([, name = '']) => name,
  );
  return names.map(name => new URL(name, new URL(file, ROOT)).href.slice(ROOT.href.length));
}

const EXPORTED = /^export (?:async )?(?:abstract )?(?:function\*?|class|const|interface|type) (\w+)/gm;

/** Names that a file exports and does not use itself, and that no file which imports it says. */
function unsaid(sources: readonly Source[]): readonly string[] {
  const importers = new Map<string, Source[]>();
  for (const source of sources) {
    for (const file of importedFiles(source)) {
      importers.set(file, [...(importers.get(file) ?? []), source]);
    }
  }
  return sources.flatMap(({ file, text }) =>
    [...text.matchAll(EXPORTED)]
      .map(([, name = '']) => name)
      .filter(name => {
        const count = (where: string) => where.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
        return count(text) === 1 && !(importers.get(file) ?? []).some(other => count(other.text) > 0);
      })
      .map(name => `${file}: ${name}`),
  );
}

/** Where the program begins; npm and forks name these, no import does. */
const BEGINNINGS = ['src/cli/main.ts', 'src/demo/process.ts'];

test('what a file of the program exports, the program itself needs', t => {
  t.deepEqual(unsaid(program), ['src/cli/main.ts: main']);
});

test('what a file of the tests exports, a test needs', t => {
  t.deepEqual(unsaid(tests), []);
});

test('every file of the program is reached from where it begins', t => {
  const reached = new Set<string>();
  const byName = new Map(program.map(source => [source.file, source]));
  const queue = [...BEGINNINGS];
  for (const file of queue) {
    const source = byName.get(file);
    if (source && !reached.has(file)) {
      reached.add(file);
      queue.push(...importedFiles(source));
    }
  }
  t.deepEqual(
    program.map(({ file }) => file).filter(file => !reached.has(file)),
    [],
  );
});
