import test from 'ava';
import { found } from './context.ts';

const UNKNOWN = { kind: 'unknown' } as const;

for (const [title, script, ids] of [
  [
    'behind the line',
    'date >/tmp/a # hookfleet: allow tmp-path: a folder of root alone\ndate >/tmp/b',
    ['tmp-path 3'],
  ],
  [
    'alone on the line above',
    'date\n# hookfleet: allow tmp-path: a folder of root alone\n\ndate >/tmp/a\ndate >/tmp/b',
    ['tmp-path 6'],
  ],
  [
    'above all code, for the file',
    '# hookfleet: allow tmp-path, set-e: it is a test\nset -e\ndate >/tmp/a\ndate >/tmp/b',
    [],
  ],
  ['without a reason', 'date >/tmp/a # hookfleet: allow tmp-path', ['tmp-path 2', 'allow 2']],
  ['an id that there is not', 'date # hookfleet: allow tmp: why not', ['allow 2']],
  ['no id', 'date # hookfleet: allow: why not', ['allow 2']],
  ['of shellcheck', 'date # hookfleet: allow shellcheck-SC2086: one word', []],
] as const) {
  test(`a comment that allows a finding: ${title}`, t =>
    t.deepEqual(found(`#!/bin/sh\n${script}\n`, UNKNOWN), [...ids]));
}
