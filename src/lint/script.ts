import { withoutAllowed } from './allow.ts';
import type { HookContext } from './context.ts';
import { type Finding, finding } from './finding.ts';
import { isMachineCode, lintHookScript } from './hook-script.ts';
import { lintLibvirtHook, shellOf } from './libvirt-hook.ts';
import { lintPython } from './python/rules.ts';
import { readShebang } from './shebang.ts';
import { lintShell } from './shell/rules.ts';

/** No script that people write is longer; of a longer one only its first line and its syntax are looked at. */
const LONGEST = 128 * 1024;

/** What a script is written in, as far as it is looked into. */
export type Language = 'shell' | 'python';

/** What a script is written in: by its `#!` line, and without one by its name. */
export function languageOf(content: Uint8Array, name: string): Language | undefined {
  const shebang = readShebang(content);
  if (isMachineCode(content)) {
    return undefined;
  }
  if (shebang === undefined) {
    return name.endsWith('.py') ? 'python' : name.endsWith('.sh') ? 'shell' : undefined;
  }
  return shellOf(content) !== undefined
    ? 'shell'
    : /(?:^|\/)python[\d.]*$/.test(shebang.program)
      ? 'python'
      : undefined;
}

/** A script, and where it stands. */
export interface ScriptFile {
  /** The bytes, as they will lie on the host. */
  readonly content: Uint8Array;
  /** The name of the file. */
  readonly name: string;
  /** Whether that is its name on the hosts too. */
  readonly placed: boolean;
}

/**
 * All that can be told of a script by reading it, sorted by line, without what it allows itself.
 *
 * @param others what programs that read it have found: sorted in, and allowed like the rest.
 */
export function lintScript(
  { content, name, placed }: ScriptFile,
  context: HookContext,
  others: readonly Finding[] = [],
): Finding[] {
  if (isMachineCode(content)) {
    return [...others];
  }
  const text = Buffer.from(content)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const shebang = readShebang(content);
  const starts = context.kind === 'libvirt' ? lintLibvirtHook(content) : lintHookScript(content);
  const long = content.length > LONGEST;
  const language = long ? undefined : languageOf(content, name);
  const options = shebang?.text.split(/\s+/).slice(1).join(' ') ?? '';
  const found = [
    ...starts,
    ...(starts.some(one => one.id === 'byte-order-mark') ? [] : interpreter(content, context)),
    ...(language === 'shell' ? lintShell(text, context, options, placed ? name : undefined) : []),
    ...(language === 'python' ? lintPython(text, context) : []),
    ...(long ? [tooLong()] : []),
    ...others,
  ];
  return withoutAllowed(text, found).sort((a, b) => a.line - b.line);
}

function tooLong(): Finding {
  return finding(
    'not-checked',
    1,
    `the script is longer than ${LONGEST} bytes, so only its first line and its syntax are checked`,
    'Move its data into a file beside it.',
  );
}

/** What may keep the script from being started, as the host is. */
function interpreter(content: Uint8Array, context: HookContext): Finding[] {
  const shebang = readShebang(content);
  if (shebang === undefined) {
    return context.kind === 'libvirt'
      ? []
      : [
          finding(
            'no-interpreter',
            1,
            'the file does not begin with #! and an interpreter: VDSM has a shell run it, and libvirt nothing',
            'Write #!/usr/bin/python3 or #!/bin/sh as its first line.',
            'warning',
          ),
        ];
  }
  const { program, interpreter: first } = shebang;
  return [
    ...(/(?:^|\/)python$/.test(program)
      ? [
          finding(
            'python-unversioned',
            1,
            `the interpreter is ${program}, which hosts from EL8 on do not have by themselves: the script then ends with status 127`,
            'Write #!/usr/bin/python3.',
          ),
        ]
      : []),
    ...(program !== first && program !== ''
      ? [
          finding(
            'env-path',
            1,
            `env looks for ${program} in the PATH of the daemon, so another one in /usr/local/bin would run the hook`,
            `Write the whole path, as in #!/usr/bin/${program}.`,
          ),
        ]
      : []),
  ];
}
