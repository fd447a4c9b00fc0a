import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { InputError, type Place } from '../core/input-error.ts';
import { lintLibvirtHook, shellOf } from '../lint/libvirt-hook.ts';
import { readShebang } from '../lint/shebang.ts';
import { LARGEST_HOOK, tooLarge } from './hook-source-rules.ts';

/** A script for libvirt, as it shall lie on the hosts. */
export interface LibvirtHookFile {
  /** Its bytes. */
  readonly base64: string;
  /** Hex. */
  readonly sha256: string;
  /** What its `#!` line needs: a path, and behind `env` also a name of the PATH. */
  readonly programs: readonly string[];
  /** The shell that can read it without running it, where it is written for one. */
  readonly shell?: string;
}

/**
 * Reads a script for a drop-in folder of libvirt.
 *
 * @param place where the playbook names it.
 * @throws {InputError} where it cannot be read, and with everything in it that libvirt could not start.
 */
export async function readLibvirtHookSource(file: string, place: Place): Promise<LibvirtHookFile> {
  const content = await readScript(file, place);
  const findings = lintLibvirtHook(content);
  if (findings.length > 0) {
    throw new InputError(
      findings.map(({ line, message, hint }) => ({ place: { file, line }, message, hint })),
    );
  }
  const shebang = readShebang(content);
  const shell = shellOf(content);
  return {
    base64: content.toString('base64'),
    sha256: createHash('sha256').update(content).digest('hex'),
    programs: shebang ? [...new Set([shebang.interpreter, shebang.program])] : [],
    ...(shell === undefined ? {} : { shell }),
  };
}

async function readScript(file: string, place: Place): Promise<Buffer> {
  const fault = (message: string, hint = 'It is a script beside the playbook, such as hooks/10-audit.') =>
    new InputError([{ place, message: `source: ${file} ${message}`, hint }]);
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isFile()) {
    throw fault(stats === undefined ? 'does not exist' : 'is no file');
  }
  if (stats.size > LARGEST_HOOK) {
    throw new InputError([tooLarge(place, `source: ${file} has ${stats.size} bytes`)]);
  }
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw fault(`cannot be read: ${error.code}`, 'Look at its owner and mode.');
  });
}
