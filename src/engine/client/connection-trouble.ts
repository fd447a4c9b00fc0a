import { certificateTrouble, isCertificateTrouble } from './certificate-trouble.ts';
import { EngineApiError } from './engine-api-error.ts';

/**
 * Why there was no answer, for the user. Where the certificate is at fault it is looked at once more, to tell what it is
 * for and who has signed it.
 *
 * @param ownCa whether the user's authority was to be trusted, and not the system's.
 */
export async function connectionTrouble(error: unknown, url: string, ownCa: boolean): Promise<Error> {
  if (!(error instanceof Error)) {
    return new Error(String(error));
  }
  const cause = reasonOf(error);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (isCertificateTrouble(code)) {
    return certificateTrouble(code, url, ownCa);
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new EngineApiError('engine-answer', { message: "The engine's answer is too long to be one" });
  }
  const said = troubleOf(code, url);
  return said === undefined ? unexpected(cause, code) : new EngineApiError('engine-unreachable', said);
}

/** Several addresses of one name are tried; the first one's trouble stands for all. */
function reasonOf(error: Error): Error {
  const [first] = error instanceof AggregateError ? error.errors : [error.cause];
  return first instanceof Error && !('code' in error && isOwn(error.code)) ? reasonOf(first) : error;
}

function isOwn(code: unknown): boolean {
  return typeof code === 'string' && code.startsWith('UND_ERR_CONNECT');
}

function troubleOf(code: string, url: string): { message: string; hint?: string } | undefined {
  const { hostname, port } = new URL(url);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        message: `The name of the engine, ${hostname}, is not known`,
        hint: 'Is it spelled right? Does this machine resolve it?',
      };
    case 'ECONNREFUSED':
      return {
        message: `Nothing listens at the engine's port ${port || 443}`,
        hint: 'The web server in front of the engine is down: systemctl status httpd, on the engine host.',
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return {
        message: 'The engine cannot be reached over the network',
        hint: `Is there a way from here to ${hostname}?`,
      };
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return {
        message: `What listens at port ${port || 443} does not speak TLS`,
        hint: 'Is it the port of http?',
      };
    default:
      return undefined;
  }
}

/** TLS that fails in another way has OpenSSL's words for it; the rest is a connection that has ended. */
function unexpected({ message }: Error, code: string): EngineApiError {
  const said = `The connection to the engine has failed: ${message}${code === '' ? '' : ` (${code})`}`;
  return new EngineApiError('engine-unreachable', { message: said }, undefined, ENDED.includes(code));
}

const ENDED = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];
