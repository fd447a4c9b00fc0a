import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import { startAnsible } from './ansible.ts';
import { askBoth, isRefused } from './compare.ts';
import { CASES } from './generate.ts';

const ansible = startAnsible();
test.after.always(() => ansible.stop());

const RUNS = 150;

test('of random inventories it prints what ansible-inventory prints, and refuses only what Ansible cannot read', async t => {
  let [outputs, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(CASES, async one => {
      const answers = await askBoth(t, ansible, one, 2);
      if ('problems' in answers) {
        assert.ok(isRefused(answers.ansible), answers.problems.join('\n'));
        refused += 1;
        return;
      }
      for (const { action, hookfleet, ansible: expected } of answers) {
        assert.equal(hookfleet, expected, action);
      }
      outputs += answers.length;
    }),
    { numRuns: RUNS },
  );
  t.true(refused < RUNS / 10, `${refused} inventories of the generator are not valid`);
  t.log(
    `${RUNS} random inventories: ${outputs} outputs are the same as those of ansible-inventory, ${refused} refused by both`,
  );
});
