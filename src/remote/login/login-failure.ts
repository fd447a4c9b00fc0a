import type { HostError } from '../../core/failure.ts';
import { type Attempt, unreachable, where } from '../attempt.ts';
import type { ConnectionError } from '../connection.ts';
import { fingerprint, wireType } from '../host-keys/host-key.ts';
import type { ServerOffer } from '../server-offer.ts';
import type { Identity } from './identities.ts';
import type { LoginRecord, Try } from './login.ts';
import { loginHint, takesPassword } from './login-hint.ts';

/** Says what a host refused, what was not tried and why, and what the host would take. */
export function loginFailure({ host, cause, identities, login, offer }: Attempt): HostError {
  const { tries, offered, passwordChange } = login;
  const ended = (...ends: readonly Try['end'][]) => tries.filter(({ end }) => ends.includes(end));
  const ed25519Refused = refusesEd25519(login, offer);
  const untried = identities.filter(identity => !tries.some(({ what }) => what === identity));
  const parts = [
    ...(tries.length === 0
      ? [host.password === undefined ? 'there is no key to try' : 'there is nothing to try']
      : []),
    ...list('refused', ended('refused', 'pending').map(describeTry)),
    ...list('accepted', ended('accepted').map(describeTry)),
    ...(ended('accepted').length > 0
      ? [
          `the server wants more than ${ended('accepted').every(({ what }) => typeof what === 'object') ? 'a key' : 'that'}`,
        ]
      : []),
    ...list('given up', ended('given-up').map(describeTry)),
    ...list('not tried', [
      ...untried.map(describeIdentity),
      ...passwordLeft(host.password !== undefined, login),
    ]),
    ...(offered ? [`the server takes: ${offered.join(', ') || 'nothing more'}`] : []),
    ...(ed25519Refused ? ['the server takes no Ed25519 keys, as in FIPS mode'] : []),
    ...(passwordChange === undefined ? [] : [`the server wants a new password: ${passwordChange}`]),
    ...(isTooMany(cause) ? [`the server gave up: ${cause?.message}`] : []),
  ];
  return unreachable(
    'authentication',
    `${host.user} cannot log in on ${where(host)}; ${parts.join('; ')}`,
    loginHint({
      user: host.user,
      hasPassword: host.password !== undefined,
      untried,
      login,
      tooMany: isTooMany(cause),
      ed25519Refused,
    }),
  );
}

/** The server's DISCONNECT after too many keys: reason 2 (OpenSSH) or 14 (RFC 4253, 11.1). */
export function isTooMany(cause: ConnectionError | undefined): boolean {
  return cause?.code === 14 || (cause?.code === 2 && /too many/i.test(cause.message));
}

/**
 * An Ed25519 key was refused by a server that takes none of the kind: it says so in its list of signatures, or it offers
 * nothing at all of the family, neither for its own key nor for the key exchange, as sshd in FIPS mode. A list without any
 * ECDSA says nothing: that of OpenSSH 7.4 has RSA alone, and that server takes Ed25519 all the same.
 */
function refusesEd25519({ tries, signatures }: LoginRecord, offer: ServerOffer | undefined): boolean {
  const tried = tries.some(
    ({ what, end }) => typeof what === 'object' && what.key.type === 'ssh-ed25519' && end === 'refused',
  );
  const unlisted =
    signatures?.includes('ssh-ed25519') === false && signatures.some(name => name.startsWith('ecdsa-'));
  const unheardOf = offer && ![...offer.kex, ...offer.hostKeys].some(name => /25519/.test(name));
  return tried && (unlisted || unheardOf === true);
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}: ${items.join(', ')}`];
}

function describeTry({ what, remark }: Try): string {
  const name =
    typeof what === 'object'
      ? describeIdentity(what)
      : what === 'password'
        ? 'the password'
        : 'the password (keyboard-interactive)';
  return remark === undefined ? name : `${name} [${remark}]`;
}

/** Where it comes from, and its fingerprint or why it cannot be used. */
function describeIdentity(identity: Identity): string {
  const key = 'key' in identity ? identity.key.getPublicSSH() : identity.publicKey;
  const details = [
    ...(key === undefined ? [] : [`${wireType(key)} ${fingerprint(key)}`]),
    ...(identity.kind === 'encrypted' ? ['encrypted'] : []),
    ...(identity.kind === 'unusable' ? [identity.reason] : []),
  ];
  return `${identity.source} (${details.join(': ')})`;
}

/** A password that was at hand and did not go; one that went is among the tries. */
function passwordLeft(hasPassword: boolean, login: LoginRecord): string[] {
  const went = login.tries.some(({ what }) => typeof what === 'string');
  if (!hasPassword || went) {
    return [];
  }
  return [login.offered && !takesPassword(login) ? 'the password (the server takes none)' : 'the password'];
}
