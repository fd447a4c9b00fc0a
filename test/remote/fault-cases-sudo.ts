import type { FaultCase, FaultGroup } from './fault-case.ts';
import { PROCESSES } from './fault-cases-shell.ts';

const ALL = 'USER ALL=(root) NOPASSWD: ALL';

function sudo(id: string, fault: string, reason: string, hint: string): FaultCase {
  const message = `sudo did not give USER root's rights: ${reason}`;
  return { id, fault, outcome: 'failed', kind: 'become', message, hint };
}

/** On the way to root. */
export const SUDO_FAULTS: FaultGroup = {
  title: 'sudo',
  cases: [
    sudo(
      'sudo-password',
      'It wants a password, and none was given',
      'it asks for a password',
      `give one with -K (--ask-become-pass), or let USER use sudo without one (sudoers): ${ALL} - or for what hookfleet runs alone: RULE`,
    ),
    sudo(
      'sudo-wrong-password',
      'The password is wrong',
      'it did not take the password',
      'give the password that sudo wants of USER (-K); it was tried once only. If it is right, the account may be locked: faillock --user USER, on the host',
    ),
    sudo(
      'sudo-locked',
      '`pam_faillock` has locked the account, and says so (else as above)',
      'the account USER is locked after failed logins (pam_faillock)',
      'unlock it on the host: faillock --user USER --reset',
    ),
    sudo(
      'sudo-expired',
      'The account or its password has expired',
      'the account or the password of USER has expired',
      'set a new password, or take the expiry away: chage -l USER tells which it is',
    ),
    sudo(
      'sudo-no-rule',
      'The user is not in sudoers',
      'no rule of sudoers names USER',
      `allow it (sudoers: ${ALL}), or log in as root`,
    ),
    sudo(
      'sudo-other-commands',
      'The user may run other commands only',
      'its rules allow USER other commands, not this one',
      `let USER run all commands (sudoers): ${ALL} - or what hookfleet runs alone: RULE`,
    ),
    sudo(
      'sudo-requiretty',
      '`Defaults requiretty`',
      'it wants a terminal (requiretty)',
      'switch it off for this user (sudoers: Defaults:USER !requiretty)',
    ),
    sudo(
      'sudo-silent',
      'It waits: for a second factor, a directory server, the name server',
      'it did not answer within N s',
      'on the host a PAM module may wait for a second factor or a directory server, or sudo for the name server',
    ),
    sudo(
      'sudo-absent',
      'It is not installed',
      'sudo is not installed',
      'install sudo on the host, or log in as root',
    ),
    sudo(
      'sudo-powerless',
      'It has lost its setuid bit, or its file system is mounted `nosuid`',
      'sudo has no rights of its own on this host (setuid bit, nosuid, no_new_privs)',
      'look at the mode of sudo, the mount options of its file system and the settings of the sshd unit',
    ),
    sudo(
      'sudo-broken',
      'Its configuration cannot be read',
      'its own configuration is broken',
      'on the host, as root: visudo -c',
    ),
    sudo(
      'sudo-no-timeout',
      'Root has no `timeout` in its PATH',
      'root has no program timeout in its PATH',
      'install coreutils on the host, or mend secure_path in sudoers',
    ),
    sudo(
      'sudo-unknown',
      'It says something else, or says it in another language',
      'see what it said',
      'try it on the host, as USER: sudo -n true',
    ),
  ],
};

/** In the script itself. */
export const SCRIPT_FAULTS: FaultGroup = {
  title: 'The script',
  cases: [
    {
      id: 'too-long',
      fault: 'It is not done in its time; the host has ended it, with all that it started',
      outcome: 'failed',
      kind: 'timeout',
      message: 'the script was not done within N s, in part N of M of the script',
      hint: 'look on the host for what it waits for: a lock, a repository that does not answer, a busy disk',
    },
    {
      id: 'killed',
      fault: 'Something kills it: the out-of-memory killer, an administrator',
      outcome: 'failed',
      kind: 'killed',
      message: 'the script did not come to its end (…), in part N of M of the script',
      hint: 'look for the out-of-memory killer or an administrator in the journal of the host',
    },
    {
      id: 'process-limit-later',
      fault: 'No more processes can be started',
      outcome: 'failed',
      kind: 'process-limit',
      message: 'the host starts no more processes for USER, in part N of M of the script',
      hint: PROCESSES,
    },
    {
      id: 'stdout-flood',
      fault: 'It writes more than 16 MiB to stdout',
      outcome: 'failed',
      kind: 'output-limit',
      message: 'the script wrote more than 16 MiB; what came after that was dropped',
      hint: 'look on the host for a command that writes without end',
    },
  ],
};
