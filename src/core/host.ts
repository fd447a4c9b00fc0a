import type { Secret } from './secret.ts';

/**
 * One managed machine as the inventory and the command line describe it. What both leave open, the user's ssh_config
 * and the defaults decide when it is reached.
 */
export interface Host {
  /** The name in the inventory: what reports, limits and errors call it. */
  readonly name: string;
  /** What `ssh` would be called with: `ansible_host`, else the name. */
  readonly address: string;
  /** `local` is the control machine itself, without SSH; `ssh` by default. */
  readonly connection?: 'ssh' | 'local';
  readonly port?: number;
  /** The login user. */
  readonly user?: string;
  /** An identity file named for this host or on the command line, absolute; without one the agent and the default identities are used. */
  readonly privateKeyFile?: string;
  /** Answers a password or keyboard-interactive login. */
  readonly password?: Secret;
  /** The hops before it, as `ssh -J` takes them: `[user@]host[:port],…`; `none` for none, whatever ssh_config says. */
  readonly jump?: string;
  readonly hostKeyChecking?: HostKeyChecking;
  /** known_hosts files named for this host, absolute, in the place of the user's and the command line's. */
  readonly knownHostsFiles?: readonly string[];
  /** Of the agent's keys, offer only that of the identity file. */
  readonly identitiesOnly?: boolean;
  /** How long it may take until it greets, in seconds: TCP connection and banner, each try anew. */
  readonly connectTimeoutSeconds?: number;
  /** `legacy` adds the algorithms that old servers need (SHA-1 among them). */
  readonly sshAlgorithms?: SshAlgorithms;
  /** Whether this host says of itself that root's rights are taken with sudo (`ansible_become`); else the play decides. */
  readonly become?: boolean;
  /** What sudo asks for. */
  readonly becomePassword?: Secret;
  /** Operations that its patched libvirt calls hooks for, besides those of its release (`libvirt_extra_operations`). */
  readonly libvirtExtraOperations?: readonly string[];
}

/** `strict` refuses a key that is not on record; `accept-new` records the first key that a host shows, and refuses any other. */
export type HostKeyChecking = 'strict' | 'accept-new';

export type SshAlgorithms = 'modern' | 'legacy';
