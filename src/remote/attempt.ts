import { HostError } from '../core/failure.ts';
import type { FailureKind } from '../core/failure-kinds.ts';
import type { ConnectionError } from './connection.ts';
import type { HostKeyCheck } from './host-keys/host-key-check.ts';
import type { KnownKeys } from './host-keys/known-hosts.ts';
import type { Identity } from './login/identities.ts';
import type { LoginRecord } from './login/login.ts';
import type { ServerOffer } from './server-offer.ts';
import type { Target } from './target.ts';

/** How far it came: what it waited for was the name service, TCP, the server's banner, the keys of both sides, the login. */
export type Phase = 'name' | 'tcp' | 'banner' | 'handshake' | 'login';

/** All that is known of a connection that came to nothing. */
export interface Attempt {
  readonly host: Target;
  readonly phase: Phase;
  readonly cause: ConnectionError | undefined;
  /** Set if the time ran out. */
  readonly timedOutAfterMs: number | undefined;
  /** The key that the host presented and that is not trusted, if it came so far. */
  readonly refused: HostKeyCheck['refused'];
  readonly known: KnownKeys;
  /** What to type to trust new keys of the host. */
  readonly trustCommand: string | undefined;
  readonly identities: readonly Identity[];
  readonly login: LoginRecord;
  /** The algorithms that the server offers, if it came so far. */
  readonly offer?: ServerOffer | undefined;
}

/** The error of a host that was not reached. */
export function unreachable(kind: FailureKind, message: string, hint: string): HostError {
  return new HostError('unreachable', { kind, message, step: 'connect', hint });
}

/**
 * What a message calls it. A host without its address, which stands in the inventory: the same trouble of many hosts is
 * then the same text. A jump host with its name: it is the cause for all that are behind it.
 */
export function where({ role, name, port, jumps }: Target): string {
  const behind = jumps.at(-1);
  const more = [
    ...(port === 22 ? [] : [`port ${port}`]),
    ...(behind === undefined ? [] : [`behind ${behind.name}`]),
  ].join(', ');
  return `${role === 'jump' ? `the jump host ${name}` : 'the host'}${more === '' ? '' : ` (${more})`}`;
}
