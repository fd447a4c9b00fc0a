import test from 'ava';
import { makePaint } from '../../src/report/paint.ts';

const cases: readonly (readonly [string, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean])[] = [
  ['a terminal', { isTTY: true }, { TERM: 'xterm' }, true],
  ['a pipe', {}, { TERM: 'xterm' }, false],
  ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, true],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
  ['FORCE_COLOR in a pipe', {}, { FORCE_COLOR: '1' }, true],
];

for (const [title, stream, env, coloured] of cases) {
  test(`${title}: ${coloured ? 'colour' : 'no colour'}`, t => {
    t.is(makePaint(stream, env).outcome('failed', 'x') !== 'x', coloured);
  });
}
