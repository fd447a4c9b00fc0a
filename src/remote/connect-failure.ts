import { HostError } from '../core/failure.ts';
import { type Attempt, type Phase, unreachable, where } from './attempt.ts';
import { JUMP_HOST_LOST } from './forwarded.ts';
import { noCommonAlgorithm } from './handshake-failure.ts';
import { hostKeyFailure } from './host-keys/host-key-failure.ts';
import { isTooMany, loginFailure } from './login/login-failure.ts';
import { NETWORK_HINT, socketFailure } from './socket-failure.ts';

/**
 * Says what kept a host from being reached, and what to do about it.
 *
 * @param tries how often it was tried; told where it was more than once.
 */
export function connectFailure(attempt: Attempt, tries = 1): HostError {
  const error = failureOf(attempt);
  return tries === 1
    ? error
    : new HostError('unreachable', {
        ...error.failure,
        message: `${error.failure.message} (tried ${tries} times)`,
      });
}

/** Whether the trouble may be gone at the next try. What a host says of its key or of a login stays. */
export function mendsItself({ phase, cause, timedOutAfterMs }: Attempt): boolean {
  const early = phase !== 'handshake' && phase !== 'login';
  const code = String(cause?.code ?? '');
  return (
    code === JUMP_HOST_LOST ||
    (early && (timedOutAfterMs !== undefined || phase === 'banner' || MENDING.includes(code)))
  );
}

const MENDING = ['EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT'];

function failureOf(attempt: Attempt): HostError {
  const { host, phase, cause, refused, login } = attempt;
  if (refused) {
    return hostKeyFailure(attempt, refused.key, refused.refusal);
  }
  const late = timeout(attempt);
  if (late) {
    return late;
  }
  if (cause?.level === 'client-socket') {
    return socketFailure(host, cause);
  }
  if (login.exhausted || (phase === 'login' && isTooMany(cause))) {
    return loginFailure(attempt);
  }
  const because = cause?.message ? `: ${cause.message}` : '';
  if (phase === 'login') {
    return unreachable(
      'network',
      `${where(host)} closed the connection during the login${because}`,
      'the log of sshd on the host tells why',
    );
  }
  const noCommon = noCommonAlgorithm(attempt);
  return unreachable(
    'handshake',
    `no SSH handshake with ${where(host)}${noCommon ? `: ${noCommon.message}` : because}`,
    noCommon?.hint ?? NO_SERVER_HINT,
  );
}

function timeout({ host, phase, timedOutAfterMs }: Attempt): HostError | undefined {
  return timedOutAfterMs === undefined
    ? undefined
    : unreachable(
        'timeout',
        `${where(host)} ${STUCK[phase]} within ${timedOutAfterMs / 1000} s`,
        HINTS[phase],
      );
}

const NO_SERVER_HINT =
  'check that an SSH server listens on that port, and that it does not refuse new connections (MaxStartups)';

const STUCK: Readonly<Record<Phase, string>> = {
  name: 'has a name that was not resolved',
  tcp: 'did not take a TCP connection',
  banner: 'took the TCP connection, but did not greet as an SSH server',
  handshake: 'greeted, but did not complete the SSH handshake',
  login: 'did not complete the login',
};

const HINTS: Readonly<Record<Phase, string>> = {
  name: 'check the name service of this machine',
  tcp: NETWORK_HINT,
  banner: 'check that an SSH server listens on that port, and that the host is not overloaded or frozen',
  handshake: 'check that the host is not overloaded or frozen, and that large packets get through (MTU)',
  login: 'the host may wait for a directory server or the name server (sshd: UseDNS); its log of sshd tells',
};
