import { connect, type PeerCertificate } from 'node:tls';
import { EngineApiError } from './engine-api-error.ts';

/** Codes of Node for a certificate that is no proof (doc/api/tls.md, "X509 certificate error codes"). */
const UNTRUSTED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
];
const OTHER_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';
const OUT_OF_TIME = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/** Whether a connection was not made because of the certificate that the server showed. */
export function isCertificateTrouble(code: string): boolean {
  return code === OTHER_NAME || UNTRUSTED.includes(code) || OUT_OF_TIME.includes(code);
}

/**
 * What is wrong with the certificate that the engine shows, with what it is for and who has signed it.
 *
 * @param code as {@link isCertificateTrouble} takes it.
 * @param ownCa whether the user's authority was to be trusted, and not the system's.
 */
export async function certificateTrouble(code: string, url: string, ownCa: boolean): Promise<EngineApiError> {
  const shown = await look(url);
  const trouble = (message: string, hint: string) =>
    new EngineApiError('engine-certificate', { message, hint: `${hint}${describe(shown)}` });
  const { hostname } = new URL(url);
  if (code === OTHER_NAME) {
    return trouble(
      `The engine's certificate is not for the name ${hostname}`,
      `It is for ${namesOf(shown).join(', ') || 'no name at all'}. Name the engine so: its full name, as in the browser.`,
    );
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return trouble(
      "The engine's certificate, or that of the authority that has signed it, has expired",
      'Renew it on the engine host: engine-setup --offline.',
    );
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return trouble(
      "The engine's certificate is not valid yet",
      'Compare the clocks of the engine host and of this machine.',
    );
  }
  return trouble(
    `The engine's certificate is not signed by ${ownCa ? 'the given authority' : 'an authority that this system trusts'}`,
    `The engine's own is in /etc/pki/ovirt-engine/ca.pem on its host, in apache-ca.pem there if its web server's certificate was replaced: --engine-ca FILE.`,
  );
}

function describe(shown: PeerCertificate | undefined): string {
  if (shown === undefined) {
    return '';
  }
  const [subject, issuer] = [nameOf(shown.subject), nameOf(shown.issuer)];
  const valid = `valid from ${day(shown.valid_from)} to ${day(shown.valid_to)}`;
  return ` The certificate is that of ${subject}, signed by ${subject === issuer ? 'itself' : issuer}, ${valid}.`;
}

function day(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toISOString().slice(0, 10);
}

function nameOf(names: PeerCertificate['subject'] | undefined): string {
  const name = names?.CN ?? names?.O;
  return [name ?? []].flat().join(' ') || 'nobody';
}

function namesOf(shown: PeerCertificate | undefined): readonly string[] {
  const alternative = shown?.subjectaltname
    ?.split(', ')
    .map(name => name.replace(/^(?:DNS|IP Address):/, ''));
  const name = shown?.subject === undefined ? [] : [nameOf(shown.subject)];
  return alternative ?? name;
}

/** In milliseconds; without an answer the hint says less. */
const LOOK_MS = 5000;

/**
 * The certificate that a server shows. Nothing is sent to it and nothing else of it is read: the connection, which
 * proves nothing, ends with the handshake.
 */
function look(url: string): Promise<PeerCertificate | undefined> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise(resolve => {
    const name = /^[0-9.]+$|:/.test(host) ? {} : { servername: host };
    const socket = connect({ host, port: Number(port || 443), ...name, rejectUnauthorized: false });
    const end = (shown?: PeerCertificate) => {
      socket.destroy();
      resolve(shown);
    };
    socket.setTimeout(LOOK_MS, () => end());
    socket.once('error', () => end());
    socket.once('secureConnect', () => end(socket.getPeerCertificate()));
  });
}
