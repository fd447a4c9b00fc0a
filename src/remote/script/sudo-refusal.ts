import { sudoersRule } from './sudo.ts';

/** What sudo says, and what it means. `USER` and `RULE` stand for the login user and the rule of {@link sudoersRule}. */
interface Refusal {
  /** In the C locale, which the command sets. */
  readonly says: RegExp;
  readonly message: string;
  readonly hint: string;
}

export interface SudoTrouble {
  readonly message: string;
  readonly hint: string;
}

const ALL = 'USER ALL=(root) NOPASSWD: ALL';

/** Of the account, whatever else is said. In each list the first that fits counts. */
const ACCOUNT_REFUSALS: readonly Refusal[] = [
  {
    says: /account is locked|account temporarily locked|Maximum number of tries exceeded|faillock/i,
    message: 'the account USER is locked after failed logins (pam_faillock)',
    hint: 'unlock it on the host: faillock --user USER --reset',
  },
  {
    says: /(?:account|password) (?:or password )?(?:is|has) expired|password expired|account expired/i,
    message: 'the account or the password of USER has expired',
    hint: 'set a new password, or take the expiry away: chage -l USER tells which it is',
  },
  {
    says: /account validation failure/i,
    message: 'PAM does not let USER in (account validation failure)',
    hint: 'see the account rules of PAM for sudo on the host: /etc/pam.d/sudo, access.conf, sssd',
  },
];

const REFUSALS: readonly Refusal[] = [
  {
    says: /you must have a tty/i,
    message: 'it wants a terminal (requiretty)',
    hint: 'switch it off for this user (sudoers: Defaults:USER !requiretty)',
  },
  {
    says: /password is required|no askpass|a terminal is required/i,
    message: 'it asks for a password',
    hint: `give one with -K (--ask-become-pass), or let USER use sudo without one (sudoers): ${ALL} - or for what hookfleet runs alone: RULE`,
  },
  {
    says: /is not allowed to (?:execute|run)/i,
    message: 'its rules allow USER other commands, not this one',
    hint: `let USER run all commands (sudoers): ${ALL} - or what hookfleet runs alone: RULE`,
  },
  {
    says: /not in the sudoers|may not run sudo/i,
    message: 'no rule of sudoers names USER',
    hint: `allow it (sudoers: ${ALL}), or log in as root`,
  },
  {
    says: /sudo'?: (?:command )?not found|sudo'?: No such file|sudo'?: Permission denied/i,
    message: 'sudo is not installed',
    hint: 'install sudo on the host, or log in as root',
  },
  {
    says: /effective uid is not 0|must be owned by uid 0 and have the setuid bit|nosuid|no new privileges/i,
    message: 'sudo has no rights of its own on this host (setuid bit, nosuid, no_new_privs)',
    hint: 'look at the mode of sudo, the mount options of its file system and the settings of the sshd unit',
  },
  {
    says: /no valid sudoers sources|syntax error|parse error|world writable|owned by uid \d+, should be/i,
    message: 'its own configuration is broken',
    hint: 'on the host, as root: visudo -c',
  },
  {
    says: /timeout'?: command not found/i,
    message: 'root has no program timeout in its PATH',
    hint: 'install coreutils on the host, or mend secure_path in sudoers',
  },
];

/**
 * What to make of a sudo that ended before its command began.
 *
 * @param askedAgain it did not take the first password.
 */
export function sudoRefusal(user: string, said: string, askedAgain: boolean): SudoTrouble {
  const refusal =
    find(ACCOUNT_REFUSALS, said) ?? (askedAgain ? WRONG_PASSWORD : find(REFUSALS, said)) ?? UNKNOWN;
  return trouble(user, refusal);
}

/** What to make of one that neither began its command nor ended. */
export function sudoSilent(user: string, said: string, askedAgain: boolean, seconds: number): SudoTrouble {
  const silent = {
    message: `it did not answer within ${seconds} s`,
    hint: 'on the host a PAM module may wait for a second factor or a directory server, or sudo for the name server',
  };
  return trouble(user, find(ACCOUNT_REFUSALS, said) ?? (askedAgain ? WRONG_PASSWORD : silent));
}

const WRONG_PASSWORD: SudoTrouble = {
  message: 'it did not take the password',
  hint: 'give the password that sudo wants of USER (-K); it was tried once only. If it is right, the account may be locked: faillock --user USER, on the host',
};

const UNKNOWN: SudoTrouble = {
  message: 'see what it said',
  hint: 'try it on the host, as USER: sudo -n true',
};

function find(refusals: readonly Refusal[], said: string): SudoTrouble | undefined {
  return refusals.find(({ says }) => says.test(said));
}

function trouble(user: string, { message, hint }: SudoTrouble): SudoTrouble {
  const filled = (text: string) =>
    text.replaceAll('RULE', sudoersRule('USER', 'NOPASSWD: ')).replaceAll('USER', user);
  return { message: `sudo did not give ${user} root's rights: ${filled(message)}`, hint: filled(hint) };
}
