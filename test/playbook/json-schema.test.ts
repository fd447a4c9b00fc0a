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

/** What an item needs besides the key that is shown. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  packages: { name: 'vhostmd' },
  vdsm_hooks: { name: 'diskunmap' },
  libvirt_hooks: { driver: 'qemu', name: '10-audit', source: 'hooks/10-audit', operations: ['prepare'] },
  repositories: { id: 'site-hooks' },
  service: { name: 'vhostmd' },
  engine_properties: {},
};
const LISTS = ['packages', 'vdsm_hooks', 'libvirt_hooks', 'repositories'];

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

for (const [path, { example }] of Object.entries(KEY_NOTES)) {
  test(`the example of ${path} is a value that it takes, to the program and to an editor`, t => {
    const value: unknown = parse(`value: ${example}`).value;
    const [key = '', below] = path.split('.');
    const item = below === undefined ? value : { ...NEEDED[key], [below]: value };
    const held = below !== undefined && LISTS.includes(key) ? [item] : item;
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
  const titles = {
    '': 'a play',
    vdsm_hooks: 'a hook in `vdsm_hooks`',
    packages: 'a package in `packages`',
    libvirt_hooks: 'a libvirt hook in `libvirt_hooks`',
    repositories: 'a repository in `repositories`',
    service: '`service`',
    engine_properties: '`engine_properties`',
  };
  return Object.entries(titles)
    .map(([section, title]) => {
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
