import { userInfo } from 'node:os';

/** The user who runs hookfleet. */
export interface ThisUser {
  readonly name: string;
  readonly uid: number;
  /** Undefined where this machine knows none. */
  readonly home: string | undefined;
}

/**
 * Who runs hookfleet, by the password database. A container may well run under a number that has no entry there: then
 * the name is that of the environment, else the number itself.
 */
export function thisUser(): ThisUser {
  try {
    const { username: name, uid, homedir: home } = userInfo();
    return { name, uid, home };
  } catch {
    const uid = process.getuid?.() ?? -1;
    return { name: process.env.LOGNAME || process.env.USER || String(uid), uid, home: undefined };
  }
}
