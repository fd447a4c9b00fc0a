import { readFileSync } from 'node:fs';

/** Where distributions keep the certificates that the system trusts: Red Hat's (the last one since 10), Debian's, others. */
const BUNDLES = [
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/cert.pem',
];

/**
 * The authorities that this system trusts, in PEM, as OpenSSL finds them (`SSL_CERT_FILE`, else the distribution's);
 * undefined where there is no such file: then those that Node brings hold. Node itself does not look at the system's.
 */
export function systemCa(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const named = env.SSL_CERT_FILE;
  for (const file of named ? [named] : BUNDLES) {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      // Not this distribution's place; what SSL_CERT_FILE names amiss, OpenSSL passes over too.
    }
  }
  return undefined;
}
