import type { FaultCase, FaultGroup } from './fault-case.ts';

const LOST = 'what had begun on the host may have gone on or not; the next run starts from what it finds';
export const PROCESSES =
  'look at ulimit -u, TasksMax of the unit and pid_max on the host, and at what runs there';
const NO_SHELL =
  'give the login user a shell that runs commands (usermod -s /bin/bash), or log in as another one';
const ANY_SHELL =
  'the login user needs a shell that runs commands (not nologin, no ForceCommand), and timeout and sh in its PATH';
const PROGRAMS =
  'install coreutils on the host (sh, timeout and base64 are needed), or mend the PATH in the start-up files of the shell';

function program(name: string, outcome: FaultCase['outcome']): FaultCase {
  return {
    id: `no-${name}`,
    fault: `\`${name}\` is not in the PATH`,
    outcome,
    kind: 'missing-program',
    message: `the program ${name} is not in the PATH of USER`,
    hint: PROGRAMS,
  };
}

/** Between the login and the end of a script. */
export const LINK_FAULTS: FaultGroup = {
  title: 'The link',
  cases: [
    {
      id: 'lost-early',
      fault: 'The connection is reset before the login shell has begun',
      outcome: 'unreachable',
      kind: 'connection-lost',
      message: 'the connection was lost before the script began…',
      hint: LOST,
    },
    {
      id: 'lost',
      fault: 'The connection is reset later; sshd is killed with `kill -9`; the host loses its power',
      outcome: 'failed',
      kind: 'connection-lost',
      message: 'the connection was lost in part N of M of the script…',
      hint: LOST,
    },
    {
      id: 'frozen',
      fault: 'The link or sshd freezes: no answer to three keepalives',
      outcome: 'failed',
      kind: 'connection-lost',
      message: 'the connection was lost in part N of M of the script: Keepalive timeout',
      hint: LOST,
    },
    {
      id: 'no-exec',
      fault: 'sshd starts no process for the command',
      outcome: 'unreachable',
      kind: 'shell',
      message: 'the server refused to run a command: …',
      hint: 'sshd cannot start a process (ulimit -u, TasksMax) or is told not to (MaxSessions): its log on the host tells',
    },
  ],
};

/** Before the script begins. */
export const SHELL_FAULTS: FaultGroup = {
  title: 'The login shell',
  cases: [
    {
      id: 'shell-hangs',
      fault: 'It waits for something, in its start-up files',
      outcome: 'unreachable',
      kind: 'timeout',
      message: 'the login shell of USER did not come to the script within N s',
      hint: 'something in its start-up files waits: a home folder that does not answer, a question',
    },
    {
      id: 'shell-floods',
      fault: 'It writes without end',
      outcome: 'unreachable',
      kind: 'timeout',
      message: 'the login shell of USER did not come to the script within N s',
      hint: 'its start-up files print or ask something and do not end',
    },
    {
      id: 'nologin',
      fault: 'It is `nologin`',
      outcome: 'unreachable',
      kind: 'shell',
      message: 'the account USER has no login shell (nologin)',
      hint: NO_SHELL,
    },
    {
      id: 'restricted',
      fault: 'It is a restricted shell (`rbash`)',
      outcome: 'unreachable',
      kind: 'shell',
      message: 'the login shell of USER is a restricted one, which starts no other shell',
      hint: NO_SHELL,
    },
    {
      id: 'sftp-only',
      fault: '`ForceCommand internal-sftp`',
      outcome: 'unreachable',
      kind: 'shell',
      message: 'the host allows USER file transfer only (sshd: ForceCommand internal-sftp)',
      hint: 'take the ForceCommand away for this user in sshd_config, or log in as another one',
    },
    {
      id: 'forced-command',
      fault: 'Another `ForceCommand`, or a shell that runs nothing',
      outcome: 'unreachable',
      kind: 'shell',
      message: 'the login shell of USER did not run the script (exit code N)',
      hint: ANY_SHELL,
    },
    {
      id: 'password-expired',
      fault: 'The password of the login user has expired',
      outcome: 'unreachable',
      kind: 'shell',
      message: 'the password of USER has expired, and the host wants a new one before anything else',
      hint: 'set it at an interactive login, or for an account that logs in by key take the expiry away: chage -M -1 USER',
    },
    program('sh', 'unreachable'),
    program('base64', 'unreachable'),
    program('timeout', 'failed'),
    {
      id: 'process-limit',
      fault: 'The login user may start no more processes',
      outcome: 'unreachable',
      kind: 'process-limit',
      message: 'the host starts no more processes for USER',
      hint: PROCESSES,
    },
  ],
};
