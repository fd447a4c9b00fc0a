import type { HostError } from '../core/failure.ts';
import { type Attempt, type Phase, unreachable, where } from './attempt.ts';
import type { ConnectionError } from './connection.ts';
import { hostKeyFailure } from './host-key-failure.ts';
import { isTooMany, loginFailure } from './login-failure.ts';
import type { Target } from './target.ts';

/** Says what kept a host from being reached, and what to do about it. */
export function connectFailure(attempt: Attempt): HostError {
  const { host, phase, cause, timedOutAfterMs, hostKey, login } = attempt;
  if (hostKey && hostKey.verdict.kind !== 'known') {
    return hostKeyFailure(attempt, hostKey.key, hostKey.verdict);
  }
  if (timedOutAfterMs !== undefined) {
    return unreachable(
      'timeout',
      `${where(host)} ${STUCK[phase]} within ${timedOutAfterMs / 1000} s`,
      HINTS[phase],
    );
  }
  if (cause?.level === 'client-socket') {
    return socketFailure(host, cause);
  }
  if (login.exhausted || (phase === 'login' && isTooMany(cause))) {
    return loginFailure(attempt);
  }
  if (phase === 'login') {
    return unreachable(
      'network',
      `${where(host)} closed the connection during the login${because(cause)}`,
      'the log of sshd on the host tells why',
    );
  }
  return unreachable(
    'handshake',
    `no SSH handshake with ${where(host)}${because(cause)}`,
    /no matching/.test(cause?.message ?? '')
      ? 'the two sides have no algorithm in common; compare with: ssh -vv to the host'
      : 'check that an SSH server listens on that port, and that it does not refuse new connections (MaxStartups)',
  );
}

/** Trouble of the socket itself, or settings that no socket can have. */
export function socketFailure(host: Target, error: ConnectionError): HostError {
  const code = String(error.code ?? '');
  const [kind, message, hint] =
    SOCKET_ERRORS[code] ?? (['network', `the connection to ADDRESS failed`, HINTS.tcp] as const);
  const detail = SOCKET_ERRORS[code] ? '' : because(error);
  return unreachable(
    kind,
    `${message.replace('ADDRESS', where(host)).replace('NAME', nameOf(host))}${detail}`,
    hint,
  );
}

const STUCK: Readonly<Record<Phase, string>> = {
  tcp: 'did not take a TCP connection',
  handshake: 'took the TCP connection, but did not complete the SSH handshake',
  login: 'did not complete the login',
};

const HINTS: Readonly<Record<Phase, string>> = {
  tcp: 'check that the host is up, and that no firewall stands between',
  handshake: 'check that an SSH server listens on that port, and that the host is not overloaded or frozen',
  login: 'the host may wait for a directory server or the name server (sshd: UseDNS); its log of sshd tells',
};

const SOCKET_ERRORS: Readonly<Record<string, readonly [kind: string, message: string, hint: string]>> = {
  ENOTFOUND: [
    'name',
    'no address is known for NAME',
    'check the spelling, or set ansible_host to an address',
  ],
  EAI_AGAIN: ['name', 'the name server did not answer for ADDRESS', 'check the name service of this machine'],
  ECONNREFUSED: ['refused', 'ADDRESS refused the connection', 'check that sshd runs there, and the port'],
  ETIMEDOUT: ['timeout', 'ADDRESS did not answer', HINTS.tcp],
  EHOSTUNREACH: ['network', 'there is no route to ADDRESS', HINTS.tcp],
  ENETUNREACH: [
    'network',
    'there is no route to the network of ADDRESS',
    'check the network of this machine',
  ],
  ECONNRESET: [
    'network',
    'the connection was reset by ADDRESS',
    'a firewall, or an sshd that refuses this machine',
  ],
  EMFILE: [
    'network',
    'no more open files for a connection to ADDRESS',
    'fewer hosts at once (--forks), or a higher ulimit -n',
  ],
};

/** A name that the inventory gives beside the host's own is worth telling. */
function nameOf({ name, address }: Target): string {
  return address === name ? 'its name' : address;
}

function because(cause: ConnectionError | undefined): string {
  return cause?.message ? `: ${cause.message}` : '';
}
