import test from 'ava';
import fc from 'fast-check';
import { lintHookScript } from '../../src/lint/hook-script.ts';

const CASES: readonly (readonly [title: string, text: string, found: readonly string[]])[] = [
  ['a python3 script', '#!/usr/bin/python3\nimport os\n', []],
  ['a script of env', '#!/usr/bin/env python3\n', []],
  ['a script of env with options', '#!/usr/bin/env -S LC_ALL=C python3 -u\n', []],
  ['a shell script', '#!/bin/sh\nexit 0\n', []],
  ['a script without a #! line, which a shell runs', 'exit 0\n', []],
  ['an empty file', '', []],
  ['a first line without a line feed', '#!/bin/sh', []],
  ['machine code with any bytes in it', '\x7fELF\r\n#!python2\r\n', []],
  ['CR LF in every line', '#!/usr/bin/python3\r\nimport os\r\n', ['line-ends 1']],
  ['CR LF after the first line of a shell script', '#!/bin/bash\nif true\r\nthen\r\n', ['line-ends 2']],
  ['CR LF behind env bash', '#!/usr/bin/env bash\n\nexit 0\r\n', ['line-ends 3']],
  ['CR LF without a #! line', 'true\nexit 0\r\n', ['line-ends 2']],
  ['CR LF that Python reads as it should', '#!/usr/bin/python3\nimport os\r\n', []],
  ['a byte order mark', '\ufeff#!/usr/bin/python3\n', ['byte-order-mark 1']],
  ['a byte order mark and CR LF', '\ufeff#!/usr/bin/python3\r\n', ['byte-order-mark 1', 'line-ends 1']],
  ['python2', '#!/usr/bin/python2\n', ['python2 1']],
  ['python2.7', '#! /usr/bin/python2.7 -u\n', ['python2 1']],
  ['env python2', '#!/usr/bin/env python2\n', ['python2 1']],
  ['a relative interpreter', '#!python3\n', ['interpreter-path 1']],
  ['no interpreter', '#!\nexit 0\n', ['interpreter-path 1']],
  ['env without a program', '#!/usr/bin/env -S\nexit 0\n', ['interpreter-path 1']],
];

for (const [title, text, found] of CASES) {
  test(`${title}: ${found.join(', ') || 'nothing to tell'}`, t => {
    const findings = lintHookScript(Buffer.from(text, 'utf8'));
    t.deepEqual(
      findings.map(({ id, line }) => `${id} ${line}`),
      found,
    );
    t.true(findings.every(({ message, hint }) => message.length > 0 && hint.length > 0));
  });
}

test('any bytes are looked at without a fault, and each finding names a line that the file has', t => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('', '#!', '#!/bin/sh\n'),
      (bytes, head) => {
        const content = Buffer.concat([Buffer.from(head), bytes]);
        const lines = content.filter(byte => byte === 10).length + 1;
        t.true(lintHookScript(content).every(({ line }) => line >= 1 && line <= lines));
      },
    ),
  );
});
