import { type Sh, sh } from '../../core/sh.ts';
import type { RunningScript } from './run-script.ts';

/**
 * Ends a script on its host, from a second exec with the same rights, and waits for its end. Resolves at once where that
 * exec cannot be had (sshd: MaxSessions 1).
 */
export async function stopScript(
  script: RunningScript,
  runBeside: (fragment: Sh, become: boolean) => RunningScript,
): Promise<void> {
  const pid = await script.pid;
  if (pid === undefined) {
    return;
  }
  try {
    await runBeside(endOf(pid, script.nonce), script.become).sections;
    await script.sections;
  } catch {
    // Either of them failed, and its failure is known where it was asked for.
  }
}

/**
 * `timeout` hands SIGTERM on to its process group, and sends SIGKILL five seconds later. Its arguments tell that it is
 * this script's, and not a later process with the same number.
 */
function endOf(pid: number, nonce: string): Sh {
  return sh`case $(tr '\0' ' ' <./proc/${pid}/cmdline) in *${nonce}*) kill -TERM ${pid} ;; esac`;
}
