import { readFile } from 'node:fs/promises';
import test from 'ava';
import { heldInDocs } from '../../held-docs.ts';

test('the spec of the page is the example', async t => {
  const spec = await readFile(
    new URL('../../../docs/examples/vdsm-hook-vm_title.spec', import.meta.url),
    'utf8',
  );
  await heldInDocs(t, 'docs/writing-hooks.md', 'spec', `\`\`\`spec\n${spec}\`\`\``);
});
