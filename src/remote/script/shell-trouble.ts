import type { FailureKind } from '../../core/failure-kinds.ts';

/** What keeps a login shell from running a script, as far as it can be told from what it says. */
interface ShellTrouble {
  readonly says: RegExp;
  readonly kind: FailureKind;
  readonly message: string;
  readonly hint: string;
}

const NO_SHELL =
  'give the login user a shell that runs commands (usermod -s /bin/bash), or log in as another one';

/** `USER` stands for the login user, `PROGRAM` for what a group of the pattern has. The first that fits counts. */
const SHELL_TROUBLES: readonly ShellTrouble[] = [
  {
    says: /cannot fork|can't fork|fork: .*(?:retry|unavailable|Cannot allocate)|fork failed|Resource temporarily unavailable/i,
    kind: 'process-limit',
    message: 'the host starts no more processes for USER',
    hint: 'look at ulimit -u, TasksMax of the unit and pid_max on the host, and at what runs there',
  },
  {
    says: /password has expired|password change required|required to change your password/i,
    kind: 'shell',
    message: 'the password of USER has expired, and the host wants a new one before anything else',
    hint: 'set it at an interactive login, or for an account that logs in by key take the expiry away: chage -M -1 USER',
  },
  {
    says: /sftp connections only/i,
    kind: 'shell',
    message: 'the host allows USER file transfer only (sshd: ForceCommand internal-sftp)',
    hint: 'take the ForceCommand away for this user in sshd_config, or log in as another one',
  },
  {
    says: /account is currently not available|This account is not available|nologin/i,
    kind: 'shell',
    message: 'the account USER has no login shell (nologin)',
    hint: NO_SHELL,
  },
  {
    says: /(?:^|[\s'/])(sh|timeout|base64)'?: (?:(?:command )?not found|No such file|Permission denied)|Unknown command:? '?(sh|timeout|base64)\b/im,
    kind: 'missing-program',
    message: 'the program PROGRAM is not in the PATH of USER',
    hint: 'install coreutils on the host (sh, timeout and base64 are needed), or mend the PATH in the start-up files of the shell',
  },
  {
    says: /restricted: cannot|exec: restricted/i,
    kind: 'shell',
    message: 'the login shell of USER is a restricted one, which starts no other shell',
    hint: NO_SHELL,
  },
];

/** What a login shell's last words mean; undefined where they are not known. */
export function shellTrouble(
  user: string,
  said: string,
): Pick<ShellTrouble, 'kind' | 'message' | 'hint'> | undefined {
  for (const { says, kind, message, hint } of SHELL_TROUBLES) {
    const match = says.exec(said);
    if (match) {
      const filled = (text: string) =>
        text.replace('PROGRAM', match[1] ?? match[2] ?? '').replaceAll('USER', user);
      return { kind, message: filled(message), hint: filled(hint) };
    }
  }
  return undefined;
}
