import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readStream } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { InputError } from '../../core/input-error.ts';
import { lastLines } from '../../core/last-lines.ts';
import { Secret } from '../../core/secret.ts';
import { sh } from '../../core/sh.ts';
import { isProgram } from '../../inventory/program-file.ts';

/**
 * The secret in a file: its first line. As in Ansible `-` is stdin, and a program is run for what it prints
 * (lib/ansible/cli/__init__.py, get_password_from_file). A program is executable and begins with `#!`, or is a binary:
 * what else is executable would be run by a shell, the secret itself as its commands.
 *
 * @throws {InputError} for a file that is not there, is empty, fails, or can be read by everybody on this machine.
 */
export async function readSecretFile(file: string): Promise<Secret> {
  const fault = (message: string, hint?: string) =>
    new InputError([{ place: { file }, message, ...(hint !== undefined && { hint }) }]);
  const text = await readText(file, fault);
  const line = /^[\r\n]*([^\r\n]*)/.exec(text)?.[1] ?? '';
  if (line === '') {
    throw fault('there is no secret in it', 'The secret stands in the first line');
  }
  return new Secret(line);
}

type Fault = (message: string, hint?: string) => InputError;

async function readText(file: string, fault: Fault): Promise<string> {
  if (file === '-') {
    return readStream(process.stdin);
  }
  try {
    const status = await stat(file);
    const isExecutable = status.isFile() && (status.mode & 0o111) !== 0;
    const bytes = isExecutable ? await readFile(file) : undefined;
    if (bytes !== undefined && isProgram(bytes)) {
      return await run(file, fault);
    }
    if (status.isFile() && (status.mode & 0o004) !== 0) {
      throw fault(
        'everybody on this machine can read the secret in it',
        `Close it: ${sh`chmod 600 ${file}`.text}`,
      );
    }
    return bytes?.toString('utf8') ?? (await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof InputError) {
      throw error;
    }
    const { code, message } = error as NodeJS.ErrnoException;
    throw fault(code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${message}`);
  }
}

async function run(path: string, fault: Fault): Promise<string> {
  try {
    const running = promisify(execFile)(resolve(path));
    // It has nothing to read; one that asks does so on the terminal itself.
    running.child.stdin?.end();
    return (await running).stdout;
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    throw fault(`as a program it failed (${code})`, lastLines(stderr) ?? undefined);
  }
}
