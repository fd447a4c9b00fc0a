import type { HostError } from '../core/failure.ts';
import { type Attempt, unreachable, where } from './attempt.ts';
import type { ConnectionError } from './connection.ts';
import type { Identity } from './identities.ts';
import { describeIdentity, type LoginRecord } from './login.ts';
import type { Target } from './target.ts';

/** Says which identities a host refused, and what it would take. */
export function loginFailure({ host, cause, identities, login }: Attempt): HostError {
  const describe = (list: readonly Identity[]) => list.map(describeIdentity).join(', ');
  const left = identities.filter(identity => !login.tried.includes(identity));
  const encrypted = left.filter(({ kind }) => kind === 'encrypted');
  const message = [
    `${host.user} cannot log in on ${where(host)}`,
    login.tried.length > 0 ? `refused: ${describe(login.tried)}` : 'there is no key to try',
    ...(left.length > 0 ? [`not tried: ${describe(left)}`] : []),
    ...(login.partial ? ['a key was accepted, but the server wants more than a key'] : []),
    ...(login.offered ? [`the server takes: ${login.offered.join(', ') || 'nothing more'}`] : []),
    ...(isTooMany(cause) ? [`the server gave up: ${cause?.message}`] : []),
  ].join('; ');
  return unreachable('authentication', message, loginHint(host, encrypted, login, isTooMany(cause)));
}

function loginHint(
  host: Target,
  encrypted: readonly Identity[],
  login: LoginRecord,
  tooMany: boolean,
): string {
  const [first] = encrypted;
  if (first) {
    return `load the encrypted key into the agent: ssh-add ${first.source}`;
  }
  if (tooMany) {
    return 'the agent holds more keys than the server lets try; name the right one with --private-key';
  }
  if (login.offered?.includes('publickey') === false) {
    return 'the server takes no keys for this user; allow PubkeyAuthentication in its sshd_config';
  }
  return `put the public key of one of them into ~${host.user}/.ssh/authorized_keys on the host, or name another with --private-key or --user`;
}

/** The server's DISCONNECT after too many keys: reason 2 (OpenSSH) or 14 (RFC 4253, 11.1). */
export function isTooMany(cause: ConnectionError | undefined): boolean {
  return cause?.code === 14 || (cause?.code === 2 && /too many/i.test(cause.message));
}
