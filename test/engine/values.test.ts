import test from 'ava';
import fc from 'fast-check';
import { DEVICE_TYPES } from '../../src/catalog/device-types.ts';
import {
  type Definition,
  type DeviceDefinitions,
  mergeDevices,
  mergeProperties,
  parseDevices,
  parseProperties,
  printDevices,
  printProperties,
  sameDevices,
  sameProperties,
  type Wish,
} from '../../src/engine/values.ts';

/** What the engine makes of a value; null where it is not a value, or one that the engine misreads. */
type Row = readonly [title: string, value: string, read: readonly (readonly [string, string])[] | null];

const PROPERTY_VALUES: readonly Row[] = [
  ['one property', 'macspoof=(true|false)', [['macspoof', '(true|false)']]],
  [
    'two properties',
    'a=(x|y);queues=^[1-9][0-9]*$',
    [
      ['a', '(x|y)'],
      ['queues', '^[1-9][0-9]*$'],
    ],
  ],
  ['a regex that Java would not compile', 'broken=(true|false', [['broken', '(true|false']]],
  [
    'another one, beside a good one',
    'broken=*;good=^x$',
    [
      ['broken', '*'],
      ['good', '^x$'],
    ],
  ],
  ['a blank in a name', 'my prop=^.*$', null],
  ['a hyphen in a name', 'my-prop=^.*$', null],
  ['a dot in a name', 'my.prop=^.*$', null],
  ['a name beginning with a digit', '9lives=^.*$', [['9lives', '^.*$']]],
  [
    'a name twice',
    'a=^1$;a=^2$',
    [
      ['a', '^1$'],
      ['a', '^2$'],
    ],
  ],
  [
    'predefined names',
    'sap_agent=^.*$;hugepages=^big$',
    [
      ['sap_agent', '^.*$'],
      ['hugepages', '^big$'],
    ],
  ],
  ['a ; at the end', 'a=^x$;', [['a', '^x$']]],
  ['a ;; in the middle', 'a=^x$;;b=^y$', null],
  ['a ;; at the end', 'a=^x$;;', null],
  ['a ; at the beginning', ';a=^x$', null],
  ['a blank after a ;', 'a=^x$; b=^y$', null],
  ['blanks in and after a regex', 'a=^x y$ ', [['a', '^x y$ ']]],
  ['nothing', '', []],
  ['only a blank', ' ', null],
  ['only a ;', ';', null],
  ['a name without =', 'macspoof', null],
  ['an empty regex', 'macspoof=', [['macspoof', '']]],
  ['a = in a regex', 'a=^x=y$', [['a', '^x=y$']]],
  ['a ; in a character class', 'a=^[;,]$', null],
  [
    'a ; before what looks like a definition',
    'a=^(x;b=y)$',
    [
      ['a', '^(x'],
      ['b', 'y)$'],
    ],
  ],
  ['a \\;', 'a=^x\\;y$', null],
  ['braces in a regex', 'a=^[0-9]{1,3}$', [['a', '^[0-9]{1,3}$']]],
  ['a lone {', 'a={', [['a', '{']]],
  ['a lone }', 'a=x}', [['a', 'x}']]],
  ['| $ and \\d', 'a=^(\\d+|none)$', [['a', '^(\\d+|none)$']]],
  ['two backslashes', 'a=^\\\\d$', [['a', '^\\\\d$']]],
  ['double quotes', 'a=^"x"$', [['a', '^"x"$']]],
  ['a single quote', "a=^it's$", [['a', "^it's$"]]],
  ['shell and format characters', 'a=$(id)`id`$HOME * %s {0}', [['a', '$(id)`id`$HOME * %s {0}']]],
  ['a line feed in a regex', 'a=x\ny', [['a', 'x\ny']]],
  ['a line feed at the end', 'a=x\n', [['a', 'x\n']]],
  ['a tab in a regex', 'a=x\ty', [['a', 'x\ty']]],
  ['what looks like the rest of a listing', 'a=x version: 4.8', [['a', 'x version: 4.8']]],
  ['letters beyond ASCII in a regex', 'a=^(žluťoučký|日本|😀)$', [['a', '^(žluťoučký|日本|😀)$']]],
  ['letters beyond ASCII in a name', 'příznak=^x$', null],
  ['a name of 3990 letters', `${'n'.repeat(3990)}=x`, [['n'.repeat(3990), 'x']]],
];

for (const [title, value, read] of PROPERTY_VALUES) {
  test(`a property value is read as the engine reads it: ${title}`, t => {
    const parsed = parseProperties(value);
    t.deepEqual(parsed.ok ? parsed.value.map(({ name, regex }) => [name, regex]) : null, read as unknown);
  });
}

type DeviceRow = readonly [
  title: string,
  value: string,
  read: Readonly<Record<string, readonly (readonly [string, string])[]>> | null,
];

const DEVICE_VALUES: readonly DeviceRow[] = [
  ['one type', '{type=interface;prop={m=^(true|false)$}}', { interface: [['m', '^(true|false)$']] }],
  [
    'two types in order',
    '{type=disk;prop={q=^x$}};{type=interface;prop={m=y}}',
    { disk: [['q', '^x$']], interface: [['m', 'y']] },
  ],
  ['two types out of order', '{type=interface;prop={m=y}};{type=disk;prop={q=^x$}}', null],
  [
    'two types without ;, which the engine misreads',
    '{type=disk;prop={q=^x$}}{type=interface;prop={m=y}}',
    null,
  ],
  ['a type twice', '{type=interface;prop={a=x}};{type=interface;prop={b=y}}', null],
  ['a type twice without ;', '{type=interface;prop={a=x}}{type=interface;prop={b=y}}', null],
  ['an unknown type', '{type=nic;prop={a=x}}', null],
  ['a type in capitals', '{type=INTERFACE;prop={a=x}}', null],
  ['the type unknown', '{type=unknown;prop={a=x}}', null],
  ['one closing brace missing', '{type=interface;prop={a=x}', null],
  ['both closing braces missing', '{type=interface;prop={a=x', null],
  ['the opening brace missing', 'type=interface;prop={a=x}}', null],
  [
    'one closing brace more, which is the regex’s',
    '{type=interface;prop={a=x}}}',
    { interface: [['a', 'x}']] },
  ],
  ['one opening brace more', '{{type=interface;prop={a=x}}', null],
  ['no prop', '{type=interface}', null],
  ['an empty prop', '{type=interface;prop={}}', { interface: [] }],
  [
    'several properties',
    '{type=interface;prop={a=^x$;b=^y$}}',
    {
      interface: [
        ['a', '^x$'],
        ['b', '^y$'],
      ],
    },
  ],
  [
    'a ; at the end of prop',
    '{type=interface;prop={a=^x$;b=^y$;}}',
    {
      interface: [
        ['a', '^x$'],
        ['b', '^y$'],
      ],
    },
  ],
  ['a ; at the end', '{type=interface;prop={a=^x$}};', { interface: [['a', '^x$']] }],
  ['a ;; at the end', '{type=interface;prop={a=^x$}};;', null],
  ['braces in a regex', '{type=interface;prop={a=^[0-9]{1,3}$}}', { interface: [['a', '^[0-9]{1,3}$']] }],
  [
    'braces at the end of a regex',
    '{type=interface;prop={a=[0-9]{1,3}}}',
    { interface: [['a', '[0-9]{1,3}']] },
  ],
  [
    'the same in the first of two types',
    '{type=disk;prop={a=[0-9]{1,3}}};{type=interface;prop={b=[a-z]{2}}}',
    { disk: [['a', '[0-9]{1,3}']], interface: [['b', '[a-z]{2}']] },
  ],
  [
    '}}; before what looks like a definition',
    '{type=interface;prop={a=x}};b=y}}',
    {
      interface: [
        ['a', 'x}}'],
        ['b', 'y'],
      ],
    },
  ],
  ['escaped braces', '{type=interface;prop={a=^\\{x\\}$}}', { interface: [['a', '^\\{x\\}$']] }],
  ['a ; in a regex', '{type=interface;prop={a=^[;,]$}}', null],
  ['a regex that Java would not compile', '{type=interface;prop={a=(x}}', { interface: [['a', '(x']] }],
  [
    '| $ \\d and quotes',
    '{type=interface;prop={a=^(\\d+|"none")$}}',
    { interface: [['a', '^(\\d+|"none")$']] },
  ],
  [
    'a quote and a letter beyond ASCII',
    "{type=interface;prop={a=^it's ž$}}",
    { interface: [['a', "^it's ž$"]] },
  ],
  ['a hyphen in a name', '{type=interface;prop={my-prop=x}}', null],
  ['a name without =', '{type=interface;prop={a}}', null],
  [
    'a name twice',
    '{type=interface;prop={a=^1$;a=^2$}}',
    {
      interface: [
        ['a', '^1$'],
        ['a', '^2$'],
      ],
    },
  ],
  ['a blank after the type', '{type=interface; prop={a=x}}', null],
  ['a blank between types', '{type=disk;prop={a=x}}; {type=interface;prop={b=y}}', null],
  ['a line feed between types', '{type=disk;prop={a=x}};\n{type=interface;prop={b=y}}', null],
  ['a line feed at the end', '{type=disk;prop={a=x}}\n', null],
  ['prop before type', '{prop={a=x};type=interface}', null],
  ['the grammar of VM properties', 'a=x', null],
  ['nothing', '', {}],
  [
    'all types',
    DEVICE_TYPES.map(type => `{type=${type};prop={a=x}}`).join(';'),
    Object.fromEntries(DEVICE_TYPES.map(type => [type, [['a', 'x']]])),
  ],
];

for (const [title, value, read] of DEVICE_VALUES) {
  test(`a device value is read as the engine reads it: ${title}`, t => {
    const parsed = parseDevices(value);
    const found = parsed.ok
      ? Object.fromEntries(
          parsed.value.map(({ type, properties }) => [
            type,
            properties.map(({ name, regex }) => [name, regex]),
          ]),
        )
      : null;
    t.deepEqual(found, read as unknown);
  });
}

test('what cannot be read is shown', t => {
  t.deepEqual(parseProperties('a=^x$;my-prop=y'), { ok: false, rest: 'my-prop=y' });
  t.deepEqual(parseDevices('{type=disk;prop={a=x}};{type=nic;prop={}}'), {
    ok: false,
    rest: '{type=nic;prop={}}',
  });
});

// For each property below.
const CASES = 1000;
fc.configureGlobal({ numRuns: CASES });

const name = fc.stringMatching(/^[A-Za-z0-9_]{1,6}$/);
const regex = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('{', '}', '=', 'x', ' ', '\n'), maxLength: 8 }),
  )
  .map(text => text.replaceAll(';', ''));
const definition: fc.Arbitrary<Definition> = fc.record({ name, regex });
const definitions = fc.array(definition, { maxLength: 8 });
const uniqueDefinitions = fc.uniqueArray(definition, { selector: one => one.name, maxLength: 8 });
const devices: fc.Arbitrary<readonly DeviceDefinitions[]> = fc
  .subarray([...DEVICE_TYPES])
  .chain(types =>
    fc.tuple(...types.map(type => definitions.map(properties => ({ type: type as string, properties })))),
  );
const wish: fc.Arbitrary<Wish> = fc.oneof(
  definition,
  fc.record({ name, absent: fc.constant(true as const) }),
);
const wishes = fc.uniqueArray(wish, { selector: ({ name }) => name, maxLength: 8 });
const deviceWishes = fc
  .subarray([...DEVICE_TYPES])
  .chain(types =>
    fc.tuple(...types.map(type => wishes.map(properties => ({ type: type as string, properties })))),
  );

const inForce = (all: readonly Definition[]) => Object.fromEntries(all.map(one => [one.name, one.regex]));
const deviceInForce = (all: readonly DeviceDefinitions[]) =>
  Object.fromEntries(
    all.filter(one => one.properties.length > 0).map(one => [one.type, inForce(one.properties)]),
  );

test('property values survive writing and reading', t => {
  fc.assert(
    fc.property(definitions, all => {
      t.deepEqual(parseProperties(printProperties(all)), { ok: true, value: all });
    }),
  );
  t.log(`${CASES} generated cases for each property of the engine's values`);
});

test('device values survive writing and reading', t => {
  fc.assert(
    fc.property(devices, all => {
      const text = printDevices(all);
      fc.pre(!text.includes('}}{type='));
      t.deepEqual(parseDevices(text), { ok: true, value: all.filter(one => one.properties.length > 0) });
    }),
  );
  t.pass();
});

test('a merge keeps each property that nobody asked about, in its order', t => {
  fc.assert(
    fc.property(uniqueDefinitions, wishes, (stored, asked) => {
      const isForeign = (one: Definition) => asked.every(wanted => wanted.name !== one.name);
      t.deepEqual(mergeProperties(stored, asked).filter(isForeign), stored.filter(isForeign));
    }),
  );
});

test('a device merge keeps each property that nobody asked about', t => {
  fc.assert(
    fc.property(devices, deviceWishes, (stored, asked) => {
      const merged = mergeDevices(stored, asked);
      for (const { type, properties } of stored) {
        const named = new Set(asked.find(one => one.type === type)?.properties.map(one => one.name));
        const now = inForce(merged.find(one => one.type === type)?.properties ?? []);
        for (const [key, value] of Object.entries(inForce(properties)).filter(([key]) => !named.has(key))) {
          t.is(now[key], value);
        }
      }
    }),
  );
});

test('a merge brings every wish', t => {
  fc.assert(
    fc.property(definitions, wishes, (stored, asked) => {
      const merged = inForce(mergeProperties(stored, asked));
      for (const one of asked) {
        t.is(Object.hasOwn(merged, one.name), !('absent' in one));
        t.is(merged[one.name], 'absent' in one ? undefined : one.regex);
      }
    }),
  );
});

test('a second merge changes nothing', t => {
  fc.assert(
    fc.property(devices, deviceWishes, (stored, asked) => {
      const once = mergeDevices(stored, asked);
      t.deepEqual(mergeDevices(once, asked), once);
    }),
  );
});

test('the order of wishes does not matter', t => {
  fc.assert(
    fc.property(devices, deviceWishes, (stored, asked) => {
      const reversed = asked
        .map(({ type, properties }) => ({ type, properties: properties.toReversed() }))
        .toReversed();
      t.true(sameDevices(mergeDevices(stored, asked), mergeDevices(stored, reversed)));
    }),
  );
});

test('device types come in the order that the engine wants', t => {
  t.is(
    printDevices([
      { type: 'interface', properties: [{ name: 'a', regex: 'x' }] },
      { type: 'video', properties: [] },
      { type: 'disk', properties: [{ name: 'b', regex: 'y' }] },
    ]),
    '{type=disk;prop={b=y}};{type=interface;prop={a=x}}',
  );
});

test('values are the same when the engine reads the same from them', t => {
  fc.assert(
    fc.property(definitions, definitions, (a, b) => {
      t.is(sameProperties(a, b), equalSorted(inForce(a), inForce(b)));
    }),
  );
  fc.assert(
    fc.property(devices, devices, (a, b) => {
      t.is(sameDevices(a, b), equalSorted(deviceInForce(a), deviceInForce(b)));
    }),
  );
  const [a, b] = [
    { name: 'a', regex: '1' },
    { name: 'b', regex: '2' },
  ];
  t.true(sameProperties([a, b], [{ name: 'b', regex: '0' }, b, a]));
  t.false(sameProperties([a, b], [a]));
  t.true(
    sameDevices(
      [
        { type: 'disk', properties: [a] },
        { type: 'tpm', properties: [] },
      ],
      [{ type: 'disk', properties: [a] }],
    ),
  );
  t.false(sameDevices([{ type: 'disk', properties: [a] }], [{ type: 'interface', properties: [a] }]));
});

function equalSorted(a: object, b: object): boolean {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .toSorted(([x], [y]) => (x < y ? -1 : 1))
          .map(([key, inner]) => [key, sorted(inner)])
      : value;
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}
