import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { startAnsible } from './ansible.ts';
import { FILE_CASES } from './cases-files.ts';
import { INI_CASES } from './cases-ini.ts';
import { askBoth, type Case } from './compare.ts';

const ansible = startAnsible();
test.after.always(() => ansible.stop());

const recorded = new URL('../inventory/recorded/', import.meta.url);
const examples = new URL('../../inventories/', import.meta.url);
const inFolder = (folder: URL): [string, Case][] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.ini'))
    .map(name => [name, { files: { hosts: readFileSync(new URL(name, folder)) } }]);

const site = new URL('site/', examples);
const siteFiles = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.yml'),
);
const inSite = siteFiles.map(name => [`site/${name}`, readFileSync(new URL(name, site), 'utf8')]);

const cases: readonly (readonly [string, Case])[] = [
  ['the site in a folder', { files: Object.fromEntries(inSite), inventories: ['site'] }],
  ...Object.entries(INI_CASES),
  ...Object.entries(FILE_CASES),
  ...inFolder(recorded),
  ...inFolder(examples),
];

let [inventories, outputs] = [0, 0];

for (const [title, one] of cases) {
  test(`prints what ansible-inventory prints: ${title}`, async t => {
    const answers = await askBoth(t, ansible, one);
    if ('problems' in answers) {
      t.fail(answers.problems.join('\n'));
      return;
    }
    for (const { action, hookfleet, ansible: expected } of answers) {
      t.is(hookfleet, expected, action);
    }
    inventories += 1;
    outputs += answers.length;
    if (inventories === cases.length) {
      t.log(`${inventories} inventories: ${outputs} outputs are the same as those of ansible-inventory`);
    }
  });
}
