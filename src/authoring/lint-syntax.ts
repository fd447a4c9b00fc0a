import { basename } from 'node:path';
import type { HookContext } from '../lint/context.ts';
import { type Finding, finding } from '../lint/finding.ts';
import { shellOf } from '../lint/libvirt-hook.ts';
import { languageOf } from '../lint/script.ts';
import { runProgram } from './lint-programs.ts';
import { shellcheck } from './lint-shellcheck.ts';

/** What the programs of this machine say of a script. */
export interface SyntaxCheck {
  readonly findings: readonly Finding[];
  /** shellcheck would have been asked, and is not here. */
  readonly noShellcheck: boolean;
}

/** Has `sh -n`, `bash -n`, shellcheck or Python read a script, by its `#!` line; none of them runs a line of it. */
export async function checkSyntax(
  content: Uint8Array,
  name: string,
  context: HookContext,
): Promise<SyntaxCheck> {
  switch (languageOf(content, name)) {
    case 'shell': {
      const shell = basename(shellOf(content) ?? 'sh');
      const findings = await shellSyntax(content, shell);
      const more = await shellcheck(content, shell, context);
      return { findings: [...findings, ...(more ?? [])], noShellcheck: more === undefined };
    }
    case 'python':
      return { findings: await pythonSyntax(content), noShellcheck: false };
    default:
      return { findings: [], noShellcheck: false };
  }
}

/** The first error in the words of a shell: `bash: line 3: syntax error …`, `sh: 3: Syntax error: …`. */
function shellError(stderr: string): { readonly line: number; readonly message: string } {
  const found = /^[^\n:]{1,200}: (?:line )?(\d{1,9}): ([^\n]{1,400})/m.exec(stderr);
  return { line: Number(found?.[1] ?? 1), message: found?.[2] ?? 'the shell cannot read the script' };
}

async function shellSyntax(content: Uint8Array, shell: string): Promise<Finding[]> {
  const said = await runProgram(shell, ['-n'], content);
  if (said === undefined) {
    return [notChecked(shell)];
  }
  if (said.status === 0) {
    return [];
  }
  const { line, message } = shellError(said.stderr);
  // On the hosts sh is bash; here it may be dash, which knows less.
  const bash = shell === 'sh' ? await runProgram('bash', ['--posix', '-n'], content) : undefined;
  return [
    bash?.status === 0
      ? finding(
          'shell-syntax',
          line,
          `sh of this machine refuses it (${message}), and bash takes it: it runs only where sh is bash`,
          'Write #!/bin/bash, or what every sh knows.',
          'warning',
        )
      : finding(
          'shell-syntax',
          line,
          `${shell} -n refuses it: ${message}`,
          'The hook fails at this line, or never comes so far.',
        ),
  ];
}

const COMPILE = `
import json, sys
try:
    compile(sys.stdin.buffer.read(), 'script', 'exec', dont_inherit=True)
except SyntaxError as e:
    print(json.dumps([e.lineno or 1, e.msg]))
except (ValueError, RecursionError, MemoryError) as e:
    print(json.dumps([1, str(e) or type(e).__name__]))
`;

/** `compile()` does what `python3 -m py_compile` does, and leaves no file behind. */
async function pythonSyntax(content: Uint8Array): Promise<Finding[]> {
  const said = await runProgram('python3', ['-I', '-S', '-B', '-W', 'ignore', '-c', COMPILE], content);
  if (said === undefined) {
    return [notChecked('python3')];
  }
  if (said.status !== 0) {
    return [
      finding(
        'not-checked',
        1,
        'python3 broke off as it read the script, so its syntax is not checked',
        'Try python3 -m py_compile yourself.',
      ),
    ];
  }
  const found = /^\[(\d+), (".*")\]/.exec(said.stdout);
  if (found === null) {
    return [];
  }
  const [line, message]: [number, string] = JSON.parse(found[0]);
  return [
    finding(
      'python-syntax',
      Math.max(1, line),
      `Python 3 cannot compile the script: ${message}`,
      /print|exec|except|invalid (?:token|decimal)|leading zeros/i.test(message)
        ? 'It looks like Python 2: port it, 2to3 does the most.'
        : 'The script ends with status 1 before its first line runs.',
    ),
  ];
}

function notChecked(program: string): Finding {
  return finding(
    'not-checked',
    1,
    `${program} is not on this machine, so the syntax of the script is not checked`,
    `Install ${program}, or lint where it is.`,
  );
}
