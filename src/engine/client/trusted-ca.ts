import { X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * The certificates in a text, in PEM: nothing else of it, such as a key that lies beside them.
 *
 * @returns undefined where there is none, or one of them cannot be read.
 */
export function certificatesIn(text: string): string | undefined {
  const found = text.match(CERTIFICATE) ?? [];
  return found.length > 0 && found.every(isCertificate) ? `${found.join('\n')}\n` : undefined;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber !== '';
  } catch {
    return false;
  }
}
