import type { HostKeyChecking, SshAlgorithms } from '../../core/host.ts';
import type { Order } from '../inventory/order-hosts.ts';
import type { EngineApiOptions } from './engine-api-options.ts';

/** How what is encrypted with ansible-vault is opened. */
export interface VaultOptions {
  readonly vaultPasswordFile?: readonly string[];
  /** `label@file` */
  readonly vaultId?: readonly string[];
  readonly askVaultPass?: boolean;
}

/** Options of the command `inventory`. */
export interface InventoryOptions extends VaultOptions, EngineApiOptions {
  readonly inventory: readonly string[];
  readonly list?: boolean;
  readonly host?: string;
  /** The group where the tree begins; true for all. */
  readonly graph?: string | true;
  readonly explain?: string;
  readonly json?: boolean;
  readonly playbookDir?: string;
}

/** Options of the commands that work on the fleet. */
export interface FleetOptions extends VaultOptions, EngineApiOptions {
  /** The settings file that holds. */
  readonly configFile?: string;
  readonly inventory: readonly string[];
  readonly limit?: string;
  /** `failed,skipped[:RUN]` */
  readonly rerun?: string;
  /** The folder of run records; `none` or false for no record. */
  readonly record?: string | false;
  readonly forks?: number;
  readonly user?: string;
  readonly privateKey?: string;
  readonly knownHosts?: string;
  readonly askPass?: boolean;
  readonly connectionPasswordFile?: string;
  readonly keyPassphraseFile?: string;
  readonly hostKeyChecking?: HostKeyChecking;
  readonly jump?: string;
  readonly sshConfig?: string;
  readonly sshAlgorithms?: SshAlgorithms;
  /** Of one try, until a host greets; seconds. */
  readonly timeout?: number;
  readonly connectTries?: number;
  /** Seconds. */
  readonly connectLimit?: number;
  /** Seconds. */
  readonly keepalive?: number;
  readonly become?: boolean;
  readonly askBecomePass?: boolean;
  readonly becomePasswordFile?: string;
  readonly check?: boolean;
  readonly yes?: boolean;
  readonly diff?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  /** Files for reports on the run. */
  readonly junit?: string;
  readonly metrics?: string;
  readonly html?: string;
  readonly printProbe?: boolean;
  /** How long a lock that another hookfleet has is waited for, in seconds. */
  readonly lockWait?: number;
  /** Seconds. */
  readonly dnfLockWait?: number;
  /** Of a probe, in seconds. */
  readonly scriptTimeout?: number;
  /** Of a dnf transaction, in seconds. */
  readonly transactionTimeout?: number;
  /** In which order hosts come into the batches. */
  readonly order?: Order;
  /** Of `install`: the pattern of its hosts. */
  readonly hosts?: string;
  /** Of `install`: the pattern of the engine host; false for none. */
  readonly engine?: string | false;
  /** Of `engine restore`: where the engine's health is fetched, on its host. */
  readonly healthUrl?: string;
  /** Of `engine restore`, in seconds. */
  readonly healthTimeout?: number;
  /** The folder of the site's own catalogue; `none` for none. */
  readonly catalog?: string;
  /** Of `install`: the hooks that may come where they can keep VMs from starting. */
  readonly acceptRisk?: readonly string[];
  /** Compare the hooks also with what VDSM and the engine see of them. */
  readonly deep?: boolean;
  /** An engine is restarted whatever it is at work on. */
  readonly restartBusyEngine?: boolean;
  /** Definitions of properties go though something in the engine has a value of them. */
  readonly removeUsedProperties?: boolean;
  /** Of `install`: an older version may come in the place of a newer one. */
  readonly allowDowngrade?: boolean;
}
