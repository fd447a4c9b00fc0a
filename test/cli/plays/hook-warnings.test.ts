import test from 'ava';
import { hookWarnings } from '../../../src/cli/plays/hook-warnings.ts';
import { formatProblem } from '../../../src/core/input-error.ts';
import { parsePlaybook } from '../../../src/playbook/playbook.ts';

const warningsOf = (hook: string) =>
  hookWarnings(parsePlaybook(`- hosts: a\n  vdsm_hooks: [${hook}]\n`, 'site.yml')).map(formatProblem);

for (const name of ['macbind', 'spiceoptions', 'fakevmstats', 'checkips']) {
  test(`before ${name}, which is broken as shipped, a warning tells why`, t => {
    const [warning, ...more] = warningsOf(name);
    t.regex(
      warning ?? '',
      new RegExp(
        `^site\\.yml:2:16: the hook ${name} is broken as shipped: \\w.*\\.\\n {2}Leave it out, or deploy`,
      ),
    );
    t.deepEqual(more, []);
    t.deepEqual(warningsOf(`{ name: ${name}, state: absent }`), []);
  });
}

for (const [version, warned] of [
  ['">=4.30 <4.40"', false],
  ['"<4.40.1"', false],
  ['"4.30.46"', false],
  ['"<=4.40"', false],
  ['"<=4.40.1"', true],
  ['"<4.50"', true],
  ['">=4.30"', true],
  ['"4.50.5-1.el9"', true],
] as const) {
  test(`macbind ${version} is ${warned ? 'broken' : 'from before the defect'}`, t => {
    t.is(warningsOf(`{ name: macbind, version: ${version} }`).length, warned ? 1 : 0);
  });
}

test('what is not known to have a first version is warned of in every one', t => {
  t.is(warningsOf('{ name: checkips, version: "<4.30" }').length, 1);
});

test('before nestedvt, which acts on every VM, a warning tells so', t => {
  const [warning] = warningsOf('nestedvt');
  t.regex(warning ?? '', /the hook nestedvt reaches further than its property: Acts on every VM/);
});

test('of hooks without a defect nothing is said, nor of what is refused and accepted', t => {
  t.deepEqual(
    [
      ...warningsOf('diskunmap'),
      ...warningsOf('vhostmd'),
      ...warningsOf('vdsm-hook-of-our-own'),
      ...warningsOf('{ name: vhostmd, accept_risk: true }'),
      ...warningsOf('{ name: allocate_net, accept_risk: true }'),
    ],
    [],
  );
});

for (const [hook, reason] of [
  ['{ name: diskunmap, accept_risk: true }', /accept_risk of diskunmap has no effect: no danger is known/],
  ['{ name: nestedvt, accept_risk: true }', /accept_risk of nestedvt has no effect: no danger is known/],
  ['{ name: vhostmd, accept_risk: true, state: absent }', /has no effect: the hook shall be absent/],
  ['{ name: own, source: hooks/own, accept_risk: true }', /accept_risk of own has no effect/],
] as const) {
  test(`consent that nothing asks for is told: ${hook}`, t => {
    t.regex(warningsOf(hook).at(-1) ?? '', reason);
  });
}
