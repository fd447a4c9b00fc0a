import { Agent, type Dispatcher, request } from 'undici';
import type { EngineAccess } from './access.ts';
import { connectionTrouble } from './connection-trouble.ts';
import { EngineApiError } from './engine-api-error.ts';
import { systemCa } from './system-ca.ts';

/** One request, as it goes over the wire. */
export interface Ask {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** From the root of the server, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Said on leaving: it is not ended with what the signal ends, and not waited for any longer than this. */
  readonly farewellSeconds?: number;
}

/** What came back, whole. */
export interface Answer {
  readonly status: number;
  /** Without parameters, in lower case: `application/json`. */
  readonly type: string;
  /** Where a redirect leads. */
  readonly location: string | undefined;
  readonly body: string;
}

/** Connections to one engine. */
export interface Exchange {
  /** @throws {EngineApiError} where there was no answer; the signal's reason, once it is aborted. */
  send(ask: Ask): Promise<Answer>;
  /** Ends all connections; what is being asked fails. */
  close(): Promise<void>;
}

export interface ExchangeOptions {
  /** How long one answer may take, from the connection to its last byte. */
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** Requests to one engine at once; it has 4.4's pool of 100 connections to its database for everybody. */
const CONNECTIONS = 8;

/** In bytes. Ten thousand VMs with all that the engine says of them have less. */
const LONGEST_ANSWER = 256 * 1024 * 1024;

/**
 * Opens nothing yet. The certificate is always verified, whatever the environment says (`NODE_TLS_REJECT_UNAUTHORIZED`),
 * and proxies of the environment are not heeded.
 */
export function openExchange({ url, ca }: EngineAccess, options: ExchangeOptions): Exchange {
  const { timeoutSeconds, signal } = options;
  const trusted = ca ?? systemCa();
  const agentWith = (pipelining: number) =>
    new Agent({
      connections: CONNECTIONS,
      pipelining,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: LONGEST_ANSWER,
      connect: {
        rejectUnauthorized: true,
        timeout: timeoutSeconds * 1000,
        ...(trusted === undefined ? {} : { ca: trusted }),
      },
    });
  // A kept connection may be closed by the server while a request is on its way: then nobody can tell whether a POST was
  // taken, so each gets a connection of its own.
  const [kept, fresh] = [agentWith(1), agentWith(0)];
  return {
    async send(ask) {
      const { farewellSeconds: seconds = timeoutSeconds } = ask;
      const patience = AbortSignal.timeout(seconds * 1000);
      const outer = ask.farewellSeconds === undefined ? signal : undefined;
      const ended = outer === undefined ? patience : AbortSignal.any([outer, patience]);
      try {
        return await exchange(url, ask, ask.method === 'POST' ? fresh : kept, ended);
      } catch (error) {
        outer?.throwIfAborted();
        if (patience.aborted) {
          throw tooSlow(seconds);
        }
        throw await connectionTrouble(error, url, ca !== undefined);
      }
    },
    async close() {
      await Promise.all([kept.destroy(), fresh.destroy()]);
    },
  };
}

async function exchange(
  url: string,
  { method, path, headers = {}, body }: Ask,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Answer> {
  const answer = await request(new URL(path, url), {
    method,
    headers,
    dispatcher,
    signal,
    ...(body === undefined ? {} : { body }),
  });
  const header = (name: string) => [answer.headers[name] ?? []].flat()[0];
  return {
    status: answer.statusCode,
    type: (header('content-type') ?? '').replace(/;.*$/s, '').trim().toLowerCase(),
    location: header('location'),
    body: await answer.body.text(),
  };
}

function tooSlow(seconds: number): EngineApiError {
  return new EngineApiError('engine-timeout', {
    message: `The engine has not answered within ${seconds} s`,
    hint: 'It may be overloaded, or a firewall drops what is sent to it.',
  });
}
