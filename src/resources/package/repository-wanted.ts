import type { Secret } from '../../core/secret.ts';

/** A package repository as a playbook wants it: one `.repo` file a repository, wholly hookfleet's. */
export type RepositoryWanted = RepositoryPresent | { readonly id: string; readonly state: 'absent' };

/** The options are dnf's own (dnf.conf(5)), under the names that they have there. */
export interface RepositoryPresent {
  readonly id: string;
  readonly state: 'present';
  /** For people; the id where it is left out. */
  readonly name?: string;
  /** Exactly one of the three says where the packages are. */
  readonly baseurl?: readonly string[];
  readonly metalink?: string;
  readonly mirrorlist?: string;
  readonly enabled?: boolean;
  /** Whether each package must carry the signature of a key; on unless it is false, and then `key` is there. */
  readonly gpgcheck?: boolean;
  /** Whether the metadata must carry one too. */
  readonly repo_gpgcheck?: boolean;
  readonly key?: RepositoryKey;
  readonly proxy?: string;
  readonly proxy_username?: string;
  readonly proxy_password?: Secret;
  readonly username?: string;
  readonly password?: Secret;
  readonly sslverify?: boolean;
  /** Paths on the host. */
  readonly sslcacert?: string;
  readonly sslclientcert?: string;
  readonly sslclientkey?: string;
  readonly priority?: number;
  readonly includepkgs?: readonly string[];
  readonly excludepkgs?: readonly string[];
  readonly module_hotfixes?: boolean;
  readonly metadata_expire?: string;
}

/** The key that the packages are signed with. */
export type RepositoryKey =
  /** A file beside the playbook: its name, for messages, and its armored text. */
  | { readonly from: 'file'; readonly file: string; readonly armored: string }
  /** Fetched by the host itself; what does not have these very fingerprints (40 hex digits) is refused. */
  | { readonly from: 'url'; readonly url: string; readonly fingerprints: readonly string[] };

/** What is wrong with one option of a repository, before any host is contacted. */
export interface RepositoryProblem {
  readonly option: keyof RepositoryPresent | 'gpgkey' | 'gpgkey_fingerprint';
  readonly message: string;
  readonly hint: string;
}
