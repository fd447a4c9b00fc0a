import type { HostError } from '../core/failure.ts';
import type { FailureKind } from '../core/failure-kinds.ts';
import { unreachable, where } from './attempt.ts';
import type { ConnectionError } from './connection.ts';
import { NO_FORWARDING } from './forwarded.ts';
import type { Target } from './target.ts';

export const NETWORK_HINT = 'check that the host is up, and that no firewall stands between';

/** Trouble of the socket itself, or settings that no socket can have. */
export function socketFailure(host: Target, error: ConnectionError): HostError {
  const hop = host.jumps.at(-1);
  const known = SOCKET_ERRORS[String(error.code ?? '')];
  if (error.code === NO_FORWARDING && hop) {
    return unreachable(
      'jump-host',
      `${where(hop)} does not forward connections: ${error.message}`,
      'allow it in its sshd_config (AllowTcpForwarding yes, and PermitOpen for the hosts behind it)',
    );
  }
  const [kind, message, hint] =
    known ?? (['network', 'the connection to ADDRESS failed', NETWORK_HINT] as const);
  const text = message.replace('ADDRESS', where(host)).replace('NAME', nameOf(host));
  const detail = known || error.message === '' ? '' : `: ${error.message}`;
  return unreachable(kind, `${text}${detail}`, hop ? `${hint}; it is reached from ${where(hop)}` : hint);
}

const SOCKET_ERRORS: Readonly<Record<string, readonly [kind: FailureKind, message: string, hint: string]>> = {
  ENOTFOUND: [
    'name',
    'no address is known for NAME',
    'check the spelling, or set ansible_host to an address',
  ],
  EAI_AGAIN: ['name', 'the name server did not answer for ADDRESS', 'check the name service of this machine'],
  ECONNREFUSED: ['refused', 'ADDRESS refused the connection', 'check that sshd runs there, and the port'],
  ETIMEDOUT: ['timeout', 'ADDRESS did not answer', NETWORK_HINT],
  EHOSTUNREACH: ['network', 'there is no route to ADDRESS', NETWORK_HINT],
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

/** A name that the inventory gives beside the host's own is worth telling; so is a jump host's. */
function nameOf({ role, name, address }: Target): string {
  return role === 'jump' ? `the jump host ${name}` : address === name ? 'its name' : address;
}
