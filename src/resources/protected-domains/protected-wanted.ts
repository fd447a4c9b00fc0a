import { createHash } from 'node:crypto';
import { protectionRules } from './protected-rules.ts';

export const KIND = 'protected-domains';

/** The list, for people and for the hook of a patched libvirt; polkit's rules have the names in them. */
export const LIST = '/etc/libvirt/protected-domains';

/** The name comes before all that begin with a number of two digits: polkit goes by it, and takes the first answer. */
export const RULES = '/etc/polkit-1/rules.d/0-hookfleet-protected-domains.rules';

/** Where a host keeps what was there before, for the day on which nothing is protected any more. */
export const STATE = '/var/lib/hookfleet/protected-domains';

/** Of both files: polkitd is not root, and must read the rules. */
export const MODE = 0o644;
export const OWNER = 'root:root';

export interface ProtectedDomainsWanted {
  /** What the hosts call this playbook. */
  readonly playbook: string;
  /** Names and UUIDs, the latter in small letters; empty to take everything away. */
  readonly domains: readonly string[];
  /** The groups of those who may use libvirt. */
  readonly operators: readonly string[];
}

/** A file as it shall be. */
export interface WantedFile {
  readonly path: string;
  readonly text: string;
  /** Hex. */
  readonly sha256: string;
}

export function listFile({ domains }: ProtectedDomainsWanted): WantedFile {
  return file(LIST, [HEAD, ...domains, ''].join('\n'));
}

/** In the first line of both files. */
export const WRITTEN_BY = 'Written by hookfleet';

const HEAD =
  '# Written by hookfleet: stopping these domains is refused. polkit goes by its own rules, not by this.';

/** @param grants whether access control comes with hookfleet: else the site has rules of its own for who may do what. */
export function rulesFile({ domains, operators }: ProtectedDomainsWanted, grants: boolean): WantedFile {
  return file(RULES, protectionRules(domains, grants ? operators : []));
}

function file(path: string, text: string): WantedFile {
  return { path, text, sha256: createHash('sha256').update(text).digest('hex') };
}
