import test from 'ava';
import { lintLibvirtHook, shellOf } from '../../src/lint/libvirt-hook.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

for (const [title, text, rules] of [
  ['a shell script', '#!/bin/sh\nexit 0\n', []],
  ['Python behind env', '#!/usr/bin/env python3\nprint()\n', []],
  ['machine code', '\x7fELF\x02\x01', []],
  ['an empty file', '', ['empty-file']],
  ['no #! line', 'exit 0\n', ['no-interpreter']],
  ['a byte order mark', '\ufeff#!/bin/sh\nexit 0\n', ['byte-order-mark']],
  ['CR LF in the first line', '#!/bin/sh\r\nexit 0\r\n', ['line-ends']],
  ['CR LF in a later line of a shell', '#!/bin/bash\nif true; then\r\n', ['line-ends']],
  ['CR LF in a later line of Python', '#!/usr/bin/python3\nprint()\r\n', []],
  ['an interpreter without its folder', '#!sh\nexit 0\n', ['interpreter-path']],
  ['env without a program', '#!/usr/bin/env\nexit 0\n', ['interpreter-path']],
] as const) {
  test(title, t => {
    const found = lintLibvirtHook(bytes(text));
    t.deepEqual(
      found.map(({ id }) => id),
      [...rules],
    );
    t.true(found.every(({ hint, line }) => hint !== '' && line >= 1));
  });
}

for (const [line, shell] of [
  ['#!/bin/sh', '/bin/sh'],
  ['#!/bin/bash -e', '/bin/bash'],
  ['#!/usr/bin/env bash', 'bash'],
  ['#!/usr/bin/python3', undefined],
  ['#!/usr/bin/fish', undefined],
] as const) {
  test(`the shell of ${line}`, t => t.is(shellOf(bytes(`${line}\n`)), shell));
}
