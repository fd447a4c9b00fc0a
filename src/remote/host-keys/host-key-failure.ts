import type { HostError } from '../../core/failure.ts';
import { sh } from '../../core/sh.ts';
import { type Attempt, unreachable, where } from '../attempt.ts';
import { fingerprint, wireType } from './host-key.ts';
import type { Refusal } from './host-key-check.ts';
import type { KnownKeys } from './known-hosts.ts';
import type { KnownKey } from './known-hosts-lines.ts';

/** Says why a host's key is not trusted, and what to do about it. */
export function hostKeyFailure(
  { host, known, trustCommand = 'hookfleet trust' }: Attempt,
  key: Buffer,
  refusal: Refusal,
): HostError {
  const presented = `${wireType(key)} ${fingerprint(key)}`;
  const the = `the key of ${where(host)}`;
  switch (refusal.kind) {
    case 'unknown':
      return unreachable(
        'host-key-unknown',
        `${the} is not in known_hosts: ${[presented, otherRecords(known)].filter(Boolean).join('; ')}`,
        `${authorityHint(known)}compare the fingerprint with the host's own (there: ${ownFingerprint(key)}), then: ${trustCommand}`,
      );
    case 'changed':
      return unreachable(
        'host-key-changed',
        `${the} has changed: now ${presented}, on record ${showRecords(refusal.records)}`,
        `somebody may stand between; if the host was installed anew, and its own fingerprint is this one (there: ${ownFingerprint(key)}): ` +
          [...forgetSteps(known.name, refusal.records), trustCommand].join('; then: '),
      );
    case 'revoked':
      return unreachable(
        'host-key-revoked',
        `${where(host)} presents a revoked key: ${presented}, revoked in ${showRecords(refusal.records)}`,
        'the host needs new host keys; do not trust it until it has them',
      );
    case 'unrecorded':
      return unreachable(
        'host-key-unrecorded',
        `${the} is new and could not be recorded: ${presented}; ${refusal.reason}`,
        `accept-new needs a known_hosts file that can be written: ${known.file}`,
      );
  }
}

/** Keys on record with their fingerprints and places, for an error. */
function showRecords(keys: readonly KnownKey[]): string {
  return keys
    .map(({ type, key, place }) => `${type} ${fingerprint(key)} (${place.file}:${place.line})`)
    .join(', ');
}

/**
 * What to type, or do, to take keys of a host off the record: one step a file. A line that is for more hosts than this
 * one is not taken away as a whole.
 */
export function forgetSteps(name: string, records: readonly KnownKey[]): readonly string[] {
  const files = [...new Set(records.map(({ place }) => place.file))];
  return files.flatMap(file => {
    const here = records.filter(({ place }) => place.file === file);
    const shared = here.filter(({ wildcard }) => wildcard);
    const root = file.startsWith('/etc/') ? sh`sudo ` : sh``;
    return [
      ...(shared.length < here.length ? [sh`${root}ssh-keygen -R ${name} -f ${file}`.text] : []),
      ...shared.map(({ place }) => `correct line ${place.line} of ${file}, which is for several hosts`),
    ];
  });
}

/** What shows the fingerprint on the host itself. */
function ownFingerprint(key: Buffer): string {
  const type = wireType(key) ?? '';
  const file = type.startsWith('ecdsa-') ? 'ecdsa' : type === 'ssh-rsa' ? 'rsa' : 'ed25519';
  return `ssh-keygen -lf /etc/ssh/ssh_host_${file}_key.pub`;
}

/** What speaks for the host, but is not the key it presents; empty if there is nothing to say. */
export function otherRecords({ trusted, authorities, unreadable }: KnownKeys): string {
  return [
    ...(trusted.length > 0 ? [`on record are only ${showRecords(trusted)}`] : []),
    ...(trusted.length === 0 && authorities.length > 0
      ? [
          `it is known only by an authority that signs host certificates: @cert-authority ${showRecords(authorities)}`,
        ]
      : []),
    ...unreadable.map(file => `not read: ${file}`),
  ].join('; ');
}

function authorityHint({ trusted, authorities }: KnownKeys): string {
  return trusted.length === 0 && authorities.length > 0
    ? "host certificates are not supported, so the host's plain key has to be on record: "
    : '';
}
