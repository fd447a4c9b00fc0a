import { isUtf8 } from 'node:buffer';
import { InputError, type Problem } from '../core/input-error.ts';

/**
 * The text of a file. Bytes that are not UTF-8 are allowed in comments alone, as in Ansible.
 *
 * @throws {InputError} for every other line that has some.
 */
export function decode(bytes: Buffer, file: string): string {
  const problems = isUtf8(bytes) ? [] : notUtf8(bytes, file);
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return bytes.toString('utf8');
}

function notUtf8(bytes: Buffer, file: string): Problem[] {
  const lines = bytes.toString('latin1').split(/\r\n|\n|\r/);
  return lines.flatMap((line, i) =>
    isUtf8(Buffer.from(line, 'latin1')) || /^\s*[#;]/.test(line)
      ? []
      : [
          {
            place: { file, line: i + 1 },
            message: 'The line is not UTF-8 text',
            hint: 'Save the file as UTF-8',
          },
        ],
  );
}
