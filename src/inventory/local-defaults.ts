import { homedir } from 'node:os';
import type { HostKeyChecking, SshAlgorithms } from '../core/host.ts';
import type { ConnectionDefaults } from './connection.ts';

/** The defaults of this machine and command line: the login user and key that it names, the folder, and where home is. */
export function localDefaults(options: {
  readonly user?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly hostKeyChecking?: HostKeyChecking | undefined;
  readonly jump?: string | undefined;
  readonly sshAlgorithms?: SshAlgorithms | undefined;
  readonly timeout?: number | undefined;
}): ConnectionDefaults {
  return {
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(options.privateKey === undefined ? {} : { privateKeyFile: options.privateKey }),
    ...(options.hostKeyChecking === undefined ? {} : { hostKeyChecking: options.hostKeyChecking }),
    ...(options.jump === undefined ? {} : { jump: options.jump }),
    ...(options.sshAlgorithms === undefined ? {} : { sshAlgorithms: options.sshAlgorithms }),
    ...(options.timeout === undefined ? {} : { connectTimeoutSeconds: options.timeout }),
    homeFolder: homedir(),
    workingFolder: process.cwd(),
  };
}
