import { HostError } from '../core/failure.ts';
import type { Host } from '../core/host.ts';
import type { ConnectionError } from './connection.ts';
import { fingerprint, type HostKeyVerdict, wireType } from './host-key.ts';
import type { Identity } from './identities.ts';
import type { KnownHosts, KnownKey, KnownKeys } from './known-hosts.ts';
import { describeIdentity, type LoginRecord } from './login.ts';

/** How far it came: until TCP stood, until both sides had keys, until the login. */
export type Phase = 'tcp' | 'handshake' | 'login';

/** All that is known of a connection that came to nothing. */
export interface Attempt {
  readonly host: Host;
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
export function socketFailure(host: Host, error: ConnectionError): HostError {
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

function hostKeyFailure(
  { host, known, knownHosts: { unreadable, namedFile } }: Attempt,
  key: Buffer,
  verdict: Exclude<HostKeyVerdict, { kind: 'known' }>,
): HostError {
  const presented = `${wireType(key)} ${fingerprint(key)}`;
  switch (verdict.kind) {
    case 'unknown': {
      const otherTypes = known.trusted.length > 0 ? ` (on record are only ${records(known.trusted)})` : '';
      const unread = unreadable.map(file => `; not read: ${file}`).join('');
      return unreachable(
        'host-key-unknown',
        `the key of ${endpoint(host)} is not in known_hosts: ${presented}${otherTypes}${unread}`,
        `compare the fingerprint with the host's own (there: ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub), then add it: ` +
          `ssh-keyscan${portOption(host)} ${host.address} >> ${namedFile ?? '~/.ssh/known_hosts'}, or log in once: ` +
          `ssh${portOption(host)}${namedFile === undefined ? '' : ` -o UserKnownHostsFile=${namedFile}`} ${host.user}@${host.address}`,
      );
    }
    case 'changed':
      return unreachable(
        'host-key-changed',
        `the key of ${endpoint(host)} has changed: now ${presented}, on record ${records(verdict.records)}`,
        `somebody may stand between; if the host was installed anew, remove the old key (ssh-keygen -R '${knownName(host)}'${namedFile === undefined ? '' : ` -f ${namedFile}`}), ` +
          `compare the new fingerprint with the host's own, and add it`,
      );
    case 'revoked':
      return unreachable(
        'host-key-revoked',
        `${endpoint(host)} presents a revoked key: ${presented}, revoked in ${records(verdict.records)}`,
        'the host needs new host keys; do not trust it until it has them',
      );
  }
}

function loginFailure({ host, cause, identities, login }: Attempt): HostError {
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

function loginHint(host: Host, encrypted: readonly Identity[], login: LoginRecord, tooMany: boolean): string {
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
function isTooMany(cause: ConnectionError | undefined): boolean {
  return cause?.code === 14 || (cause?.code === 2 && /too many/i.test(cause.message));
}

function unreachable(kind: string, message: string, hint: string): HostError {
  return new HostError('unreachable', { kind, message, step: 'connect', hint });
}

function records(keys: readonly KnownKey[]): string {
  return keys
    .map(({ type, key, place }) => `${type} ${fingerprint(key)} (${place.file}:${place.line})`)
    .join(', ');
}

/** A name that the inventory gives beside the host's own is worth telling. */
function nameOf({ name, address }: Host): string {
  return address === name ? 'its name' : address;
}

/** Without its address, which stands in the inventory: the same trouble of many hosts is then the same text. */
function where({ port }: Host): string {
  return port === 22 ? 'the host' : `the host (port ${port})`;
}

function endpoint({ address, port }: Host): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function knownName({ address, port }: Host): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

function portOption({ port }: Host): string {
  return port === 22 ? '' : ` -p ${port}`;
}

function because(cause: ConnectionError | undefined): string {
  return cause?.message ? `: ${cause.message}` : '';
}
