import test from 'ava';
import {
  exactly,
  parseRange,
  placeInRange,
  type VersionRange,
} from '../../../src/resources/package/version-range.ts';

function range(text: string): VersionRange {
  const parsed = parseRange(text);
  if ('fault' in parsed) {
    throw new Error(parsed.fault);
  }
  return parsed;
}

test('bounds are read with and without blanks, a bare version is that version', t => {
  t.is(range('  >= 4.50   < 4.60 ').text, '>=4.50 <4.60');
  t.is(range('4.50.5').text, '=4.50.5');
  t.is(range('=1:4.50.5-1.el9').text, '=1:4.50.5-1.el9');
  t.deepEqual(range('>1 <=2~rc1').bounds, [
    { operator: '>', evr: '1' },
    { operator: '<=', evr: '2~rc1' },
  ]);
});

test('a version stands below, in or above a range', t => {
  const cases: readonly (readonly [string, string, 'in' | 'below' | 'above'])[] = [
    ['>=4.50 <4.60', '0:4.50.5-1', 'in'],
    ['>=4.50 <4.60', '0:4.50-0.1', 'in'],
    ['>=4.50 <4.60', '0:4.50~rc1-1', 'below'],
    ['>=4.50 <4.60', '0:4.49-9', 'below'],
    ['>=4.50 <4.60', '0:4.60-1', 'above'],
    ['>=4.50 <4.60', '0:4.60~rc1-1', 'in'],
    ['>=4.50 <4.60', '1:4.50-1', 'above'],
    ['=4.50.5', '0:4.50.5-7.el9', 'in'],
    ['=4.50.5', '0:4.50.5^git1-1', 'above'],
    ['=4.50.5-2', '0:4.50.5-1', 'below'],
    ['=4.50.5-2', '0:4.50.5-3', 'above'],
    ['>4.50', '0:4.50-9', 'below'],
    ['<4.50', '0:4.50-0', 'above'],
    ['<=4.50', '0:4.50-9', 'in'],
    ['>4.50-3', '0:4.50-4', 'in'],
  ];
  for (const [text, evr, place] of cases) {
    t.is(placeInRange(evr, range(text)), place, `${evr} and ${text}`);
  }
  t.is(placeInRange('1:2-3', exactly('1:2-3')), 'in');
});

test('what is no range is told, with how it should read', t => {
  for (const text of [
    '',
    ' ',
    '4.50,4.60',
    '>=4.50,<4.60',
    '==4.50',
    '!=4.50',
    '~=4',
    '=>4',
    '>',
    '4.5 %x',
    'a:b',
    '1-2-3',
    '$(id)',
    '4;5',
  ]) {
    const parsed = parseRange(text);
    t.true('fault' in parsed && parsed.hint.length > 0, text);
  }
  t.like(parseRange('>=4.50,<4.60'), { hint: 'Join bounds with a blank: ">=4.50 <4.60".' });
});

test('a range that no version can be in is told', t => {
  for (const text of [
    '>=4.60 <4.50',
    '>4.50 <4.50',
    '>=4.50 <4.50',
    '>4.50 <=4.50',
    '=1 =2',
    '=1 >1',
    '>=4.50-3 <4.50',
    '>1-2 <=1-2',
  ]) {
    t.like(parseRange(text), { fault: `no version is in the range "${text}"` }, text);
  }
  for (const text of ['>=4.50 <=4.50', '=1 >=1', '>4.50-3 <=4.50', '>=1 <1-2', '>1~ <1']) {
    t.notThrows(() => range(text), text);
  }
});
