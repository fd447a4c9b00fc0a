import { homedir } from 'node:os';
import type { ConnectionDefaults } from './connection.ts';

/** The defaults of this machine and command line: the login user and key that it names, the folder, and where home is. */
export function localDefaults(options: {
  readonly user?: string | undefined;
  readonly privateKey?: string | undefined;
}): ConnectionDefaults {
  return {
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(options.privateKey === undefined ? {} : { privateKeyFile: options.privateKey }),
    homeFolder: homedir(),
    workingFolder: process.cwd(),
  };
}
