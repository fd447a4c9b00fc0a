import { sh } from '../../core/sh.ts';
import type { Identity } from './identities.ts';
import type { LoginRecord } from './login.ts';
import { CERTIFICATE, SECURITY_KEY } from './unsupported-key.ts';

/** What is known of a login that came to nothing. */
export interface FailedLogin {
  readonly user: string;
  readonly hasPassword: boolean;
  readonly untried: readonly Identity[];
  readonly login: LoginRecord;
  /** The server hung up after too many attempts. */
  readonly tooMany: boolean;
  /** An Ed25519 key was refused by a server that takes none of the kind. */
  readonly ed25519Refused: boolean;
}

/** What to do about it: the most likely first, and nothing else. */
export function loginHint(failed: FailedLogin): string {
  return (
    passwordChangeHint(failed) ??
    encryptedHint(failed) ??
    promptHint(failed) ??
    moreThanAKeyHint(failed) ??
    tooManyHint(failed) ??
    unsupportedHint(failed) ??
    noKeysHint(failed) ??
    passwordHint(failed) ??
    defaultHint(failed)
  );
}

function passwordChangeHint({ user, login }: FailedLogin): string | undefined {
  return login.passwordChange === undefined
    ? undefined
    : `log in as ${user} with ssh once and set a new password, or give ${user} a key`;
}

function encryptedHint({ untried, login }: FailedLogin): string | undefined {
  const file = untried.find(({ kind }) => kind === 'encrypted')?.source;
  return file === undefined || login.offered?.includes('publickey') === false
    ? undefined
    : `load the encrypted key into the agent: ${sh`ssh-add ${file}`.text}; without a terminal: --key-passphrase-file FILE`;
}

function promptHint({ user, login }: FailedLogin): string | undefined {
  return login.tries.some(({ what, end }) => what === 'keyboard-interactive' && end === 'given-up')
    ? `nothing but one hidden question for a password is answered; let ${user} log in with a key, without a second factor (sshd: Match User ${user}, AuthenticationMethods publickey)`
    : undefined;
}

function moreThanAKeyHint({ hasPassword, login }: FailedLogin): string | undefined {
  const accepted = login.tries.some(({ what, end }) => typeof what === 'object' && end === 'accepted');
  return accepted && !hasPassword && takesPassword(login)
    ? 'the server wants a password after the key: --ask-pass, or --connection-password-file FILE'
    : undefined;
}

function tooManyHint({ tooMany }: FailedLogin): string | undefined {
  return tooMany
    ? 'more was tried than the server allows (MaxAuthTries); name the right key with --private-key, or IdentityFile and IdentitiesOnly in ~/.ssh/config'
    : undefined;
}

function unsupportedHint({ untried, login }: FailedLogin): string | undefined {
  const has = (reason: string) => untried.some(one => one.kind === 'unusable' && one.reason === reason);
  if (login.offered?.includes('publickey') === false) {
    return undefined;
  }
  if (has(CERTIFICATE)) {
    return 'ssh would log in with the certificate, hookfleet cannot; put the public key itself into authorized_keys on the host, or use another key';
  }
  return has(SECURITY_KEY)
    ? 'ssh would log in with the security key, hookfleet cannot; use a key of type Ed25519, ECDSA or RSA'
    : undefined;
}

function noKeysHint({ user, hasPassword, login }: FailedLogin): string | undefined {
  if (login.offered === undefined || login.offered.includes('publickey')) {
    return undefined;
  }
  if (takesPassword(login)) {
    return hasPassword
      ? undefined
      : 'the server takes no keys for this user; give the password with --ask-pass, or allow PubkeyAuthentication in its sshd_config';
  }
  return login.offered.some(method => /^(?:gssapi|hostbased)/.test(method))
    ? `Kerberos (gssapi) and hostbased logins are not supported; allow PubkeyAuthentication for ${user} in the host's sshd_config`
    : undefined;
}

function passwordHint({ user, login }: FailedLogin): string | undefined {
  return login.tries.some(({ what, end }) => typeof what === 'string' && end === 'refused')
    ? `check the password of ${user} on the host, and that the account is neither locked nor expired; the log of sshd on the host tells`
    : undefined;
}

function defaultHint({ user, login, ed25519Refused }: FailedLogin): string {
  if (login.tries.length === 0) {
    return `load a key into the agent (ssh-add), or name one with --private-key; its public key belongs into ~${user}/.ssh/authorized_keys on the host`;
  }
  return ed25519Refused
    ? 'a host in FIPS mode takes no Ed25519 key: use one of ECDSA or RSA there'
    : `put the public key of one of them into ~${user}/.ssh/authorized_keys on the host, or name another with --private-key or --user`;
}

/** Whether the server would take a password, in one way or the other. */
export function takesPassword({ offered }: LoginRecord): boolean {
  return offered?.some(method => method === 'password' || method === 'keyboard-interactive') ?? false;
}
