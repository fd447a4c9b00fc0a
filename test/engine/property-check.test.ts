import test from 'ava';
import type { PropertyWish } from '../../src/engine/custom-properties.ts';
import { checkValues, joinDefinitions } from '../../src/engine/property-check.ts';

const DEFINITIONS = joinDefinitions(
  new Map([
    ['4.6', 'sap_agent=^(true|false)$'],
    ['4.7', 'sap_agent=^(true|false)$;hugepages=^[0-9]+$'],
  ]),
  new Map([
    ['4.6', 'old_tag=^.*$'],
    ['4.7', 'audit_tag=^[a-z]+$;broken=(x;hugepages=^[1-9]$;java_only=(?i)yes'],
    ['4.8', 'not readable'],
  ]),
);

function faultsOf(level: string, list: Record<string, string>, wished = Object.keys(list)) {
  const all = Object.entries(list).map(([name, value]) => ({ name, value }));
  const wishes: PropertyWish[] = all.filter(({ name }) => wished.includes(name));
  return checkValues(all, wishes, level, DEFINITIONS);
}

for (const [title, level, list, wished] of [
  ['a value that matches', '4.7', { audit_tag: 'web' }, undefined],
  ['a predefined property', '4.7', { sap_agent: 'true' }, undefined],
  ["the user's own definition before the engine's", '4.7', { hugepages: '5' }, undefined],
  ['what only Java can judge', '4.7', { java_only: 'no' }, undefined],
  ['a level whose definitions cannot be read', '4.8', { anything: 'x' }, undefined],
  ['a level that the engine does not tell of', '4.9', { anything: 'x' }, undefined],
] as const) {
  test(`nothing is said against ${title}`, t => {
    t.deepEqual(faultsOf(level, list, wished), []);
  });
}

for (const [title, level, list, wished, message, hint] of [
  [
    'a name that is mistyped',
    '4.7',
    { audit_tga: 'web' },
    ['audit_tga'],
    /property audit_tga is not defined at level 4\.7/,
    /Did you mean "audit_tag"\? No level defines it\. .*vm: \{audit_tga: REGEX\}.*hookfleet apply/,
  ],
  [
    'a name that another level defines',
    '4.6',
    { audit_tag: 'web' },
    ['audit_tag'],
    /not defined at level 4\.6/,
    /It is defined at 4\.7\..*cluster_levels: \[4\.6\]/,
  ],
  [
    'a name that a hook of the catalogue reads',
    '4.7',
    { qemu_cmdline: '["-x"]' },
    ['qemu_cmdline'],
    /not defined/,
    /hookfleet install qemucmdline/,
  ],
  [
    'a value that does not match',
    '4.7',
    { audit_tag: 'Web' },
    ['audit_tag'],
    /"Web" is no value of audit_tag$/,
    /must match \^\[a-z\]\+\$$/,
  ],
  [
    "a value that only the engine's own definition would take",
    '4.7',
    { hugepages: '10' },
    ['hugepages'],
    /"10" is no value of hugepages/,
    /\^\[1-9\]\$/,
  ],
  [
    'a definition that Java cannot compile',
    '4.7',
    { broken: 'x' },
    ['broken'],
    /definition of broken cannot be used: .*parenthesis/,
    /\(x/,
  ],
  [
    'a property that was there before, and is not defined any more',
    '4.7',
    { old_tag: 'x', audit_tag: 'web' },
    ['audit_tag'],
    /old_tag, which is there already, is not defined at level 4\.7 any more/,
    /It is defined at 4\.6\. Take it away with --unset old_tag/,
  ],
  [
    'a value that was there before, and does not match any more',
    '4.7',
    { audit_tag: 'Web', sap_agent: 'true' },
    ['sap_agent'],
    /"Web" is no value of audit_tag, which is there already/,
    /\^\[a-z\]/,
  ],
  [
    'a list that is too long for the engine',
    '4.7',
    { audit_tag: 'a'.repeat(4000) },
    ['audit_tag'],
    /4011 characters, and the engine keeps 4000/,
    /--unset/,
  ],
] as const) {
  test(`refused: ${title}`, t => {
    const faults = faultsOf(level, list, [...wished]);
    t.is(faults.length, 1);
    t.regex(faults[0]?.message ?? '', message);
    t.regex(faults[0]?.hint ?? '', hint);
  });
}
