import { userInfo } from 'node:os';
import type { Host, HostKeyChecking, SshAlgorithms } from '../core/host.ts';
import type { Secret } from '../core/secret.ts';

/** Where and how exactly a host is reached: everything that its inventory left open is decided. */
export interface Target {
  /** The name in the inventory. A hop's is what the user wrote of it. */
  readonly name: string;
  /** What is connected to (ssh_config may have put another name in the place of the inventory's). */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The name under which known_hosts has it: ssh_config's HostKeyAlias, else the address. */
  readonly knownAs: string;
  /** In the order to try them, absolute; undefined for ssh's own defaults. */
  readonly identityFiles: readonly string[] | undefined;
  /** Of the agent's keys, only those of the identity files. */
  readonly identitiesOnly: boolean;
  readonly password: Secret | undefined;
  /** In the order in which they are passed; the first is connected to from here. */
  readonly jumps: readonly Target[];
  /** Absolute; undefined for the run's own. */
  readonly knownHostsFiles: readonly string[] | undefined;
  readonly hostKeyChecking: HostKeyChecking;
  readonly algorithms: SshAlgorithms;
  readonly becomePassword: Secret | undefined;
}

/** A target from what the inventory says alone. */
export function plainTarget(host: Host): Target {
  return {
    name: host.name,
    address: host.address,
    port: host.port ?? 22,
    user: host.user ?? userInfo().username,
    knownAs: host.address,
    identityFiles: host.privateKeyFile === undefined ? undefined : [host.privateKeyFile],
    identitiesOnly: false,
    password: host.password,
    jumps: [],
    knownHostsFiles: undefined,
    hostKeyChecking: host.hostKeyChecking ?? 'strict',
    algorithms: host.sshAlgorithms ?? 'modern',
    becomePassword: host.becomePassword,
  };
}
