import test from 'ava';
import { parse } from 'yaml';
import { playbookSchema } from '../../src/playbook/schema.ts';
import { PAGES } from './pages.ts';

for (const { name, blocks } of PAGES) {
  const playbooks = blocks
    .filter(
      ({ language, lines }) => language === 'yaml' && lines.some(line => /^(?:- | +)hosts: /.test(line)),
    )
    .map(({ lines }) => lines.join('\n'));
  if (playbooks.length > 0) {
    test(`every playbook that ${name} shows is one that the program takes`, t => {
      for (const text of playbooks) {
        t.deepEqual(playbookSchema.safeParse(parse(text)).error?.issues ?? [], [], text);
      }
    });
  }
}
