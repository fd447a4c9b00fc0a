/** Options of every command that reads an inventory. */
export interface InventoryOptions {
  readonly inventory: readonly string[];
  readonly list?: boolean;
  readonly host?: string;
  readonly graph?: boolean;
}

/** Options of the commands that work on the fleet. */
export interface FleetOptions {
  readonly inventory: readonly string[];
  readonly limit?: string;
  readonly forks?: number;
  readonly user?: string;
  readonly privateKey?: string;
  readonly knownHosts?: string;
  readonly become?: boolean;
  readonly check?: boolean;
  readonly yes?: boolean;
  readonly diff?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly printProbe?: boolean;
  /** Seconds. */
  readonly dnfLockWait?: number;
  /** Of `install`: the pattern of its hosts. */
  readonly hosts?: string;
  /** Of `install`: the pattern of the engine host; false for none. */
  readonly engine?: string | false;
}
