import { HostError } from '../../core/failure.ts';
import type { FailureKind } from '../../core/failure-kinds.ts';
import type { Answer, Asked } from './ssh-g.ts';

/**
 * What ssh has answered.
 *
 * @param limitMs how long it had, for the error.
 * @throws {HostError} of outcome `unreachable` where it gave no answer: kind `jump-host` for a host that is its own jump
 * host, else `ssh-config`.
 */
export function answerOf(asked: Asked, limitMs: number): Answer {
  switch (asked.kind) {
    case 'answer':
      return asked.answer;
    case 'late':
      throw failure(
        'ssh-config',
        `ssh did not say within ${limitMs / 1000} s what ssh_config means for the host`,
        'look for a Match exec or a name service that does not answer; try: ssh -G on the address of the host',
      );
    case 'missing':
      throw failure(
        'ssh-config',
        'ssh is not there any more to read ssh_config',
        'install the OpenSSH client',
      );
    case 'refused':
      return refuse(asked.reason);
  }
}

function refuse(reason: string): never {
  const [, loop] = /jumphost loop via (.*)/.exec(reason) ?? [];
  if (loop !== undefined) {
    throw failure(
      'jump-host',
      `ssh_config makes the host its own jump host: ${loop}`,
      'set ProxyJump none for it, in a Host block before the one that sets ProxyJump',
    );
  }
  const [nameless] = /No user exists for uid \d+/.exec(reason) ?? [];
  throw nameless === undefined
    ? failure(
        'ssh-config',
        `ssh refuses its configuration: ${reason}`,
        'correct it; ssh -G on the address of the host shows the same',
      )
    : failure(
        'ssh-config',
        `ssh_config has something for the host, and ssh does not run here to read it: ${nameless}`,
        'give this user an entry in /etc/passwd, or read no ssh_config: --ssh-config none',
      );
}

function failure(kind: FailureKind, message: string, hint: string): HostError {
  return new HostError('unreachable', { kind, message, step: 'connect', hint });
}
