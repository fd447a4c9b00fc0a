import type { Secret } from '../../core/secret.ts';

/** How the REST API of one engine is reached. */
export interface EngineAccess {
  /** `https://host[:port]`, as {@link engineUrl} writes it. */
  readonly url: string;
  /** `admin@internal`; with Keycloak `admin@ovirt@internalsso`. */
  readonly user: string;
  readonly password: Secret;
  /** Certificates of the authorities that are trusted, and no others, in PEM; left out: those of the system. */
  readonly ca?: string;
}

/**
 * Where an engine is, as `https://host[:port]`: what a user may well paste behind that (`/ovirt-engine`, its `/api` or
 * the web pages) is left out.
 *
 * @returns undefined for what is no such address: another scheme than https, a user or a password in it, another path.
 */
export function engineUrl(text: string): string | undefined {
  if (!/^https:\/\/[^\s/?#]/i.test(text) || !URL.canParse(text)) {
    return undefined;
  }
  const { username, password, pathname, origin } = new URL(text);
  const isEngine = /^\/(?:ovirt-engine(?:\/.*)?)?$/.test(pathname);
  return username === '' && password === '' && isEngine ? origin : undefined;
}
