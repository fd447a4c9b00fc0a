import { type Finding, finding } from './finding.ts';
import { envArguments, interpreterPath, isMachineCode, lineEnds } from './hook-script.ts';
import { firstLine, readShebang } from './shebang.ts';

/**
 * Looks for what keeps libvirt from starting a hook, or what makes the shell in it stumble. A qemu hook that does not
 * start blocks every start of a guest on its host, and at the daemon's next start every running guest ends. libvirt
 * execs the file itself: without a `#!` line there is no shell that would take it (run with 9.0.0 and 12.8.0: status 126).
 *
 * @param content the bytes of the file, as they will lie on the host.
 */
export function lintLibvirtHook(content: Uint8Array): readonly Finding[] {
  return isMachineCode(content)
    ? []
    : [firstWords, lineEnds, interpreterPath, envArguments].flatMap(rule => rule(content) ?? []);
}

function firstWords(content: Uint8Array): Finding | undefined {
  if (content.length === 0) {
    return finding('empty-file', 1, 'the file is empty, and libvirt cannot start it', 'Put a script there.');
  }
  if (firstLine(content).startsWith('\ufeff')) {
    return finding(
      'byte-order-mark',
      1,
      'a byte order mark stands before the first line, so libvirt cannot start the script and every operation that calls it fails',
      'Save the file as UTF-8 without a byte order mark.',
    );
  }
  return readShebang(content) === undefined
    ? finding(
        'no-interpreter',
        1,
        'the file does not begin with #! and an interpreter, so libvirt cannot start it and every operation that calls it fails',
        'Write #!/bin/sh as its first line.',
      )
    : undefined;
}

/** The shell that a hook is written for, as its `#!` line names it: what can read the script without running it. */
export function shellOf(content: Uint8Array): string | undefined {
  const program = readShebang(content)?.program;
  return program !== undefined && /(?:^|\/)(?:ba|da|k|mk|z)?sh$/.test(program) ? program : undefined;
}
