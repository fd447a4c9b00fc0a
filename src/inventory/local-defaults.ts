import { homedir, userInfo } from 'node:os';
import { InputError } from '../core/input-error.ts';
import type { ConnectionDefaults } from './connection.ts';

/**
 * The defaults of this machine and command line: who runs hookfleet, in which folder, and where home is.
 *
 * @throws {InputError} if no login user is given and the one who runs hookfleet has no name (in a container, say).
 */
export function localDefaults(options: {
  readonly user?: string | undefined;
  readonly privateKey?: string | undefined;
}): ConnectionDefaults {
  return {
    user: options.user ?? localUser(),
    ...(options.privateKey === undefined ? {} : { privateKeyFile: options.privateKey }),
    homeFolder: homedir(),
    workingFolder: process.cwd(),
  };
}

function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw new InputError([
      {
        message: 'The user who runs this has no name to log in with',
        hint: 'Name the login user with --user NAME',
      },
    ]);
  }
}
