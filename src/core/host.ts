/** One managed machine, as far as reaching it goes: made from the inventory, the command line fills what it leaves open. */
export interface Host {
  /** The name in the inventory: what reports, limits and errors call it. */
  readonly name: string;
  /** What is connected to: `ansible_host`, else the name. */
  readonly address: string;
  readonly port: number;
  /** The login user. */
  readonly user: string;
  /** An identity file named for this host or on the command line, absolute; without one the agent and the default identities are used. */
  readonly privateKeyFile?: string;
  /** Whether this host says of itself that root's rights are taken with sudo (`ansible_become`); else the play decides. */
  readonly become?: boolean;
}
