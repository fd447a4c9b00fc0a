import { HostError } from '../core/failure.ts';
import type { ConnectionError } from './connection.ts';
import type { HostKeyVerdict } from './host-key.ts';
import type { Identity } from './identities.ts';
import type { KnownHosts, KnownKeys } from './known-hosts.ts';
import type { LoginRecord } from './login.ts';
import type { Target } from './target.ts';

/** How far it came: until TCP stood, until both sides had keys, until the login. */
export type Phase = 'tcp' | 'handshake' | 'login';

/** All that is known of a connection that came to nothing. */
export interface Attempt {
  readonly host: Target;
  readonly phase: Phase;
  readonly cause: ConnectionError | undefined;
  /** Set if the time ran out. */
  readonly timedOutAfterMs: number | undefined;
  /** The key that the host presented, if it came so far. */
  readonly hostKey: { readonly key: Buffer; readonly verdict: HostKeyVerdict } | undefined;
  readonly known: KnownKeys;
  readonly knownHosts: Pick<KnownHosts, 'unreadable' | 'namedFile'>;
  readonly identities: readonly Identity[];
  readonly login: LoginRecord;
}

/** The error of a host that was not reached. */
export function unreachable(kind: string, message: string, hint: string): HostError {
  return new HostError('unreachable', { kind, message, step: 'connect', hint });
}

/** Without its address, which stands in the inventory: the same trouble of many hosts is then the same text. */
export function where({ port }: Target): string {
  return port === 22 ? 'the host' : `the host (port ${port})`;
}
