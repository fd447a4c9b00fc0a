import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { parse } from 'yaml';
import { type JsonSchema, playbookJsonSchema } from '../../src/playbook/json-schema.ts';
import { KEY_NOTES } from '../../src/playbook/key-notes.ts';
import { playbookSchema } from '../../src/playbook/schema.ts';
import { heldInDocs } from '../held-docs.ts';

const schema = playbookJsonSchema();
const judge = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
const PLAYBOOKS = fileURLToPath(new URL('../../playbooks/', import.meta.url));

interface Section {
  /** What the docs call it. */
  readonly title: string;
  /** What it needs besides the key that is shown. */
  readonly needed: Readonly<Record<string, unknown>>;
}

/** The keys of a play that have keys below them, in the order of the docs; the play itself has no name. */
const SECTIONS: Readonly<Record<string, Section>> = {
  '': { title: 'a play', needed: {} },
  vdsm_hooks: { title: 'a hook in `vdsm_hooks`', needed: { name: 'diskunmap' } },
  packages: { title: 'a package in `packages`', needed: { name: 'vhostmd' } },
  libvirt_hooks: {
    title: 'a libvirt hook in `libvirt_hooks`',
    needed: { driver: 'qemu', name: '10-audit', source: 'hooks/10-audit', operations: ['prepare'] },
  },
  repositories: { title: 'a repository in `repositories`', needed: { id: 'site-hooks' } },
  service: { title: '`service`', needed: { name: 'vhostmd' } },
  engine_properties: { title: '`engine_properties`', needed: {} },
};

/** The paths of all keys that the schema has. */
function keys(one: JsonSchema, path = ''): string[] {
  const below = [one.items, ...(one.anyOf ?? [])].flatMap(part => (part ? keys(part, path) : []));
  const own = Object.entries(one.properties ?? {}).flatMap(([key, value]) => {
    const name = path === '' ? key : `${path}.${key}`;
    return [name, ...keys(value, name)];
  });
  return [...own, ...below];
}

/** Keys of values that the notes of the key above them explain. */
const EXPLAINED_ABOVE = /^(?:engine_properties\.(?:vm|device|network)|repositories\.(?:proxy_)?password)\./;

test('every key of a playbook is explained, and nothing that is no key', t => {
  const wanted = [...new Set(keys(schema))].filter(path => !EXPLAINED_ABOVE.test(path));
  t.deepEqual(Object.keys(KEY_NOTES).toSorted(), wanted.toSorted());
});

test('every key with keys below it is a section of the reference', t => {
  const above = Object.keys(KEY_NOTES).flatMap(path =>
    path.includes('.') ? (path.split('.')[0] ?? '') : [],
  );
  const missing = [...new Set(above)].filter(key => !(key in SECTIONS));
  t.deepEqual(missing, [], 'SECTIONS of this test lacks them');
});

for (const [path, { example }] of Object.entries(KEY_NOTES)) {
  test(`the example of ${path} is a value that it takes, to the program and to an editor`, t => {
    const value: unknown = parse(`value: ${example}`).value;
    const [key = '', below] = path.split('.');
    const item = below === undefined ? value : { ...SECTIONS[key]?.needed, [below]: value };
    const isList = Array.isArray(parse(KEY_NOTES[key]?.example ?? ''));
    const held = below !== undefined && isList ? [item] : item;
    const playbook = [{ hosts: 'all', [key]: held }];
    t.deepEqual(playbookSchema.safeParse(playbook).error?.issues ?? [], []);
    t.true(judge(playbook), JSON.stringify(judge.errors));
  });
}

test('an editor finds every example playbook good', async t => {
  for (const file of (await readdir(PLAYBOOKS)).filter(name => name.endsWith('.yml'))) {
    t.true(
      judge(parse(await readFile(PLAYBOOKS + file, 'utf8'))),
      `${file}: ${JSON.stringify(judge.errors)}`,
    );
  }
});

for (const [what, play] of Object.entries({
  'an unknown key': { hosts: 'all', vdsm_hook: ['diskunmap'] },
  'a play without hosts': { vdsm_hooks: ['diskunmap'] },
  'a number in the place of a list': { hosts: 'all', packages: 3 },
  'a word that is none of those allowed': { hosts: 'all', unmanaged: 'delete' },
})) {
  test(`an editor marks ${what}`, t => {
    t.false(judge([play]));
  });
}

test('the reference of the docs is the schema', t => heldInDocs(t, 'docs/playbooks.md', 'keys', reference()));

function reference(): string {
  return Object.entries(SECTIONS)
    .map(([section, { title }]) => {
      const rows = Object.entries(KEY_NOTES).flatMap(([path, { meaning, example }]) => {
        const [key, below] = path.includes('.') ? path.split('.') : ['', path];
        return key === section ? [`| \`${below}\` | ${cell(meaning)} | \`${cell(example)}\` |`] : [];
      });
      return [`| key of ${title} | meaning | example |`, '| --- | --- | --- |', ...rows].join('\n');
    })
    .join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
