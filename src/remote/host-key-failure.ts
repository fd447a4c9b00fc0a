import type { HostError } from '../core/failure.ts';
import type { Attempt } from './attempt.ts';
import { unreachable } from './attempt.ts';
import { fingerprint, type HostKeyVerdict, wireType } from './host-key.ts';
import type { KnownKey } from './known-hosts.ts';
import type { Target } from './target.ts';

/** Says why a host's key is not trusted, and what to do about it. */
export function hostKeyFailure(
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

function records(keys: readonly KnownKey[]): string {
  return keys
    .map(({ type, key, place }) => `${type} ${fingerprint(key)} (${place.file}:${place.line})`)
    .join(', ');
}

function endpoint({ address, port }: Target): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function knownName({ address, port }: Target): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

function portOption({ port }: Target): string {
  return port === 22 ? '' : ` -p ${port}`;
}
