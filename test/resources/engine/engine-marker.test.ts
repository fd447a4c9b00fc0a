import test from 'ava';
import {
  digest,
  nextMarker,
  parseMarker,
  type RestartMarker,
  rewrittenRows,
} from '../../../src/resources/engine/engine-marker.ts';

const earlier: RestartMarker = { start: 'one', digests: { 'K 4.7': digest('oldest') } };

test('a marker notes the values about to be overwritten and the start that has read them', t => {
  t.deepEqual(nextMarker(null, 'one', { 'K 4.7': 'a', 'K 4.8': '' }), {
    start: 'one',
    digests: { 'K 4.7': digest('a'), 'K 4.8': digest('') },
  });
});

test('what an interrupted run noted stays while the engine has not started since', t => {
  t.deepEqual(nextMarker(earlier, 'one', { 'K 4.7': 'newer', 'K 4.8': 'x' }), {
    start: 'one',
    digests: { 'K 4.7': digest('oldest'), 'K 4.8': digest('x') },
  });
  t.deepEqual(nextMarker(earlier, 'one', { 'K 4.8': 'x' }), {
    start: 'one',
    digests: { 'K 4.7': digest('oldest'), 'K 4.8': digest('x') },
  });
});

test('what was noted of an earlier start is forgotten', t => {
  t.deepEqual(nextMarker(earlier, 'two', { 'K 4.8': 'x' }), {
    start: 'two',
    digests: { 'K 4.8': digest('x') },
  });
});

test('a row counts as rewritten when its value is another and there is one', t => {
  const marker = nextMarker(null, 'one', { same: 'a', other: 'b', gone: 'c' });
  const values = new Map([
    ['same', 'a'],
    ['other', 'B'],
  ]);
  t.deepEqual(
    rewrittenRows(marker, row => values.get(row)),
    ['other'],
  );
});

test('a marker survives its file, and nothing else passes for one', t => {
  t.deepEqual(parseMarker(`${JSON.stringify(earlier)}\n`), earlier);
  for (const text of [
    '',
    'null',
    '{',
    '{"start":"a"}',
    '{"start":1,"digests":{}}',
    '{"start":"a","digests":{"x":1}}',
  ]) {
    t.is(parseMarker(text), undefined, text);
  }
});
