import { type Finding, finding } from './finding.ts';
import { firstLine, readShebang } from './shebang.ts';

/**
 * Looks for what keeps a hook script from being started at all. VDSM starts it with taskset; where that fails, the
 * script counts as failed with status 127, and a `before_` event then ends the operation (vdsm:
 * lib/vdsm/common/hooks.py). Programs in machine code have nothing to look at.
 *
 * @param content the bytes of the file, as they will lie on the host.
 */
export function lintHookScript(content: Uint8Array): readonly Finding[] {
  return isMachineCode(content)
    ? []
    : [byteOrderMark, lineEnds, interpreterPath, envArguments, python2].flatMap(rule => rule(content) ?? []);
}

/** Whether the kernel starts the file without an interpreter: the magic number of ELF. */
export function isMachineCode(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, 4)).equals(Buffer.from('\x7fELF', 'latin1'));
}

type Rule = (content: Uint8Array) => Finding | undefined;

const byteOrderMark: Rule = content =>
  firstLine(content).startsWith('\ufeff')
    ? finding(
        'byte-order-mark',
        1,
        'a byte order mark stands before the first line, so the kernel does not see its interpreter and a shell runs the script',
        'Save the file as UTF-8 without a byte order mark.',
      )
    : undefined;

/** The kernel takes a CR for a part of the interpreter's name; shells take one for a part of the last word. */
export const lineEnds: Rule = content => {
  const shebang = readShebang(content);
  const inShebang = shebang !== undefined && firstLine(content).includes('\r');
  const shell = shebang === undefined || /(?:^|\/)(?:ba|da|k|z)?sh$/.test(shebang.program);
  const found = inShebang ? 0 : shell ? content.indexOf('\r'.charCodeAt(0)) : -1;
  if (found === -1) {
    return undefined;
  }
  const line = content.subarray(0, found).filter(byte => byte === '\n'.charCodeAt(0)).length + 1;
  return finding(
    'line-ends',
    line,
    inShebang
      ? 'the first line ends in CR LF, so its interpreter is not found and every operation that runs the script fails'
      : 'the line ends in CR LF, which a shell takes for a part of its last word',
    'Save the file with LF as line end (`dos2unix`, or `eol=lf` in .gitattributes).',
  );
};

export const interpreterPath: Rule = content => {
  const shebang = readShebang(content);
  if (shebang === undefined || (shebang.interpreter.startsWith('/') && shebang.program !== '')) {
    return undefined;
  }
  return finding(
    'interpreter-path',
    1,
    shebang.interpreter === ''
      ? 'the #! line names no interpreter'
      : shebang.program === ''
        ? `the #! line names no program behind ${shebang.interpreter}`
        : `the interpreter ${shebang.interpreter} is no absolute path, and the kernel looks for it in the working folder`,
    'Write the whole path, as in #!/usr/bin/python3.',
  );
};

/** The kernel hands all that stands behind the interpreter over as one word (execve(2)). */
export const envArguments: Rule = content => {
  const shebang = readShebang(content);
  const [, ...words] = shebang?.text.split(/\s+/) ?? [];
  return shebang !== undefined &&
    shebang.program !== '' &&
    shebang.program !== shebang.interpreter &&
    words.length > 1 &&
    !/^(?:-\w*S|--split-string)/.test(words[0] ?? '')
    ? finding(
        'env-arguments',
        1,
        `the kernel hands "${words.join(' ')}" to env as one word, and env looks for a program of that name`,
        `Write #!${shebang.interpreter} -S ${words.join(' ')}, or the whole path of the program.`,
      )
    : undefined;
};

const python2: Rule = content => {
  const program = readShebang(content)?.program ?? '';
  return /(?:^|\/)python2(?:\.\d+)?$/.test(program)
    ? finding(
        'python2',
        1,
        `the interpreter is ${program}, which hosts of VDSM 4.40 and newer do not have`,
        'Port the script to #!/usr/bin/python3.',
      )
    : undefined;
};
