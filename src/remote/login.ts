import type { AnyAuthMethod, AuthenticationType } from 'ssh2';
import { fingerprint } from './host-key.ts';
import type { Identity } from './identities.ts';

/** What was tried to log in, for the error if nothing worked. */
export interface LoginRecord {
  readonly tried: readonly Identity[];
  /** The methods that the server would still take; undefined while it has not said. */
  readonly offered: readonly string[] | undefined;
  /** A key was accepted, and more is asked for. */
  readonly partial: boolean;
  /** There is nothing left to try. */
  readonly exhausted: boolean;
}

export interface Login extends LoginRecord {
  /** ssh2's `authHandler`. */
  readonly next: (offered: AuthenticationType[] | null, partial: boolean | null) => AnyAuthMethod | false;
}

/**
 * Offers the identities one by one, without the `none` probe that costs a round trip. Only if the server has not said
 * by the end what it would take (ssh2 does not tell after an agent's key), `none` asks for it.
 */
export function loginWith(username: string, identities: readonly Identity[]): Login {
  const usable = identities.filter(identity => identity.kind === 'key' || identity.kind === 'agent');
  const tried: Identity[] = [];
  let offered: readonly string[] | undefined;
  let partial = false;
  let asked = false;
  let exhausted = false;

  return {
    get tried() {
      return tried;
    },
    get offered() {
      return offered;
    },
    get partial() {
      return partial;
    },
    get exhausted() {
      return exhausted;
    },
    next(stillOffered, isPartial) {
      offered = stillOffered ?? offered;
      partial ||= isPartial === true;
      const identity = usable[tried.length];
      if (identity !== undefined && offered?.includes('publickey') !== false) {
        tried.push(identity);
        return identity.kind === 'agent'
          ? { type: 'agent', username, agent: identity.agent }
          : { type: 'publickey', username, key: identity.key };
      }
      if (offered === undefined && !asked) {
        asked = true;
        return { type: 'none', username };
      }
      exhausted = true;
      return false;
    },
  };
}

/** An identity for an error message: where it comes from, and its fingerprint or why it was not tried. */
export function describeIdentity(identity: Identity): string {
  switch (identity.kind) {
    case 'key':
    case 'agent':
      return `${identity.source} (${identity.key.type} ${fingerprint(identity.key.getPublicSSH())})`;
    case 'encrypted':
      return `${identity.source} (encrypted)`;
    case 'unusable':
      return `${identity.source} (${identity.reason})`;
  }
}
