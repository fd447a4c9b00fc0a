import { HostError } from '../core/failure.ts';
import type { HostResult } from '../core/host-result.ts';
import { lastLines } from '../core/last-lines.ts';
import { sh } from '../core/sh.ts';
import type { Session } from '../remote/script/session.ts';

/** A command of the playbook's author that tells whether a host is well. */
export interface VerifyCommand {
  /** Shell text, for `sh -c`. */
  readonly command: string;
  readonly timeoutSeconds: number;
}

/**
 * Runs a play's own verification on a host, as root.
 *
 * @returns what is wrong; null where the command ended with exit code 0.
 * @throws {HostError} of step `verify` where it came to no end.
 */
export async function runVerifyCommand(
  session: Session,
  { command, timeoutSeconds }: VerifyCommand,
  become: boolean,
): Promise<HostResult['error']> {
  const [reply] = await session.run([sh`sh -c ${command}`], { become, timeoutSeconds, stopAtFailure: false });
  if (reply?.exitCode === 0) {
    return null;
  }
  const said = reply?.stderr.trim() ? reply.stderr : (reply?.stdout ?? '');
  return new HostError('failed', {
    kind: 'verify',
    step: 'verify',
    message: "The play's own verification does not hold on the host",
    command: command.trim().includes('\n') ? null : command.trim(),
    exitCode: reply?.exitCode ?? null,
    stderr: lastLines(said),
    hint: 'The host is left as it is: look at it, and run the same again.',
  }).failure;
}
