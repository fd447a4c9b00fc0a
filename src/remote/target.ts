import type { Host, HostKeyChecking, SshAlgorithms } from '../core/host.ts';
import type { Secret } from '../core/secret.ts';
import { thisUser } from './this-user.ts';

/** Where and how exactly a host is reached: everything that its inventory left open is decided. */
export interface Target {
  /** The name in the inventory. A hop's is what the user wrote of it. */
  readonly name: string;
  /** `jump` for a hop on the way to others. */
  readonly role: 'host' | 'jump';
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
  /** The agent's socket, or null for no agent; undefined for the run's own. */
  readonly agentSocket: string | null | undefined;
  readonly password: Secret | undefined;
  /** In the order in which they are passed; the first is connected to from here. Each has those before it as its own. */
  readonly jumps: readonly Target[];
  /** Absolute; undefined for the run's own. */
  readonly knownHostsFiles: readonly string[] | undefined;
  readonly hostKeyChecking: HostKeyChecking;
  readonly algorithms: SshAlgorithms;
  /** How long it may take until it greets, each try anew; undefined for the run's own. */
  readonly connectTimeoutMs: number | undefined;
  readonly becomePassword: Secret | undefined;
}

/** A target from what the inventory says alone. */
export function plainTarget(host: Host): Target {
  return {
    name: host.name,
    role: 'host',
    address: host.address,
    port: host.port ?? 22,
    user: host.user ?? thisUser().name,
    knownAs: host.address,
    identityFiles: host.privateKeyFile === undefined ? undefined : [host.privateKeyFile],
    identitiesOnly: host.identitiesOnly ?? false,
    agentSocket: undefined,
    password: host.password,
    jumps: [],
    knownHostsFiles: host.knownHostsFiles,
    hostKeyChecking: host.hostKeyChecking ?? 'strict',
    algorithms: host.sshAlgorithms ?? 'modern',
    connectTimeoutMs:
      host.connectTimeoutSeconds === undefined ? undefined : host.connectTimeoutSeconds * 1000,
    becomePassword: host.becomePassword,
  };
}
