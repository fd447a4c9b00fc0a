import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import test from 'ava';

/** Which rooms a room may import; all may use core, nothing imports cli. A room not named here may not exist. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  cli: [
    'report',
    'run',
    'resources',
    'catalog',
    'lint',
    'authoring',
    'engine',
    'engine/client',
    'playbook',
    'inventory',
    'remote',
    'demo',
  ],
  report: ['catalog'],
  run: ['resources', 'remote', 'engine'],
  resources: ['catalog', 'lint', 'engine'],
  catalog: [],
  lint: ['catalog'],
  authoring: ['catalog', 'lint'],
  engine: ['catalog'],
  'engine/client': ['engine'],
  playbook: ['catalog', 'lint', 'engine'],
  inventory: ['engine', 'engine/client'],
  remote: [],
  demo: ['remote', 'catalog'],
  core: [],
};

/** Packages that only these rooms may import. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  ssh2: ['remote', 'demo'],
  listr2: ['report'],
  picocolors: ['report'],
  commander: ['cli'],
  yaml: ['playbook', 'inventory'],
  zod: ['playbook'],
  undici: ['engine/client'],
  semver: ['catalog'],
};

/** Rooms without any input or output: of Node's modules they may import only these. */
const PURE = ['resources', 'catalog', 'lint', 'engine'];
const HARMLESS = ['node:crypto', 'node:path/posix'];

/** The room that a file of src/ stands in: its first folder, and the engine's client apart from the engine's grammar. */
function roomOf(file: string): string {
  return file.startsWith('engine/client/') ? 'engine/client' : (file.split('/')[0] ?? '');
}

const source = new URL('../src/', import.meta.url);
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
const imports = files.flatMap(file => {
  const text = readFileSync(new URL(file, source), 'utf8');
  const names = [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map(match => match[1] ?? '');
  return names.map(name => ({ file, room: roomOf(file), name }));
});

test('every room is known, and its imports are seen', t => {
  t.deepEqual(
    [...new Set(files.map(roomOf))].filter(room => !(room in MAY_USE)),
    [],
  );
  t.true(imports.length > files.length);
});

test('rooms import only what lies below them', t => {
  const wrong = imports.filter(({ file, room, name }) => {
    if (!name.startsWith('.')) {
      return false;
    }
    const target = roomOf(new URL(name, new URL(file, source)).href.slice(source.href.length));
    return target !== room && target !== 'core' && !MAY_USE[room]?.includes(target);
  });
  t.deepEqual(wrong, []);
});

test('a package that belongs to some rooms is imported there alone', t => {
  t.deepEqual(
    imports.filter(({ room, name }) => name in ONLY_IN && !ONLY_IN[name]?.includes(room)),
    [],
  );
});

test('pure rooms do no input or output', t => {
  const builtins = new Set(builtinModules.flatMap(name => [name, `node:${name}`]));
  t.deepEqual(
    imports.filter(({ room, name }) => PURE.includes(room) && builtins.has(name) && !HARMLESS.includes(name)),
    [],
  );
});

test('files are one thought each: none grows past 250 lines', t => {
  const long = files.filter(file => readFileSync(new URL(file, source), 'utf8').split('\n').length > 250);
  t.deepEqual(long, []);
});
