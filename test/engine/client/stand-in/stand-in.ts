import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '../../../../src/core/secret.ts';
import type { EngineAccess } from '../../../../src/engine/client/access.ts';
import { type Certificate, type CertificateWish, makeCa, makeCertificate } from './certificates.ts';
import { type ClusterWish, clusterRoutes, type DataCenterWish } from './clusters.ts';
import { type HostWish, hostRoutes } from './hosts.ts';
import { openLogins, type StandInLogins } from './logins.ts';
import type { Planned, Reply, Route } from './route.ts';

export interface ApiWish {
  readonly hosts?: readonly HostWish[];
  /** `Default`, of level 4.7, by default. */
  readonly clusters?: readonly ClusterWish[];
  readonly dataCenters?: readonly DataCenterWish[];
  /** Further collections, with states of their own. */
  readonly routes?: readonly Route[];
  /** What comes in the place of the first answers; more may be added while it runs. */
  readonly planned?: readonly Planned[];
  readonly certificate?: CertificateWish;
  readonly user?: string;
  readonly password?: string;
  /** Where it listens; `127.0.0.1` by default. */
  readonly address?: string;
}

/** A request that came, in the order of coming. */
export interface Seen {
  readonly method: string;
  /** Decoded, with its query. */
  readonly path: string;
  readonly body: unknown;
}

/** An engine's API over real TLS. */
export interface StandIn {
  readonly url: string;
  readonly port: number;
  /** The authority's certificate, in PEM. */
  readonly ca: string;
  readonly user: string;
  readonly password: string;
  readonly access: EngineAccess;
  readonly logins: StandInLogins;
  readonly planned: Planned[];
  readonly requests: readonly Seen[];
  close(): Promise<void>;
}

/** What only needs a place to say that it is over: a test, or a lab. */
interface Owner {
  teardown(end: () => Promise<void>): void;
}

let authority: Promise<Certificate> | undefined;

/** Starts one; it ends with the test. All of one process have the same authority. */
export async function startApi(owner: Owner, wish: ApiWish = {}): Promise<StandIn> {
  const { user = 'admin@internal', password = 'correct horse battery', address = '127.0.0.1' } = wish;
  authority ??= makeCa();
  const ca = await authority;
  const { key, cert } = await makeCertificate(ca, wish.certificate);
  const clusters = wish.clusters ?? [{ name: 'Default' }];
  const routes = [
    ...(wish.routes ?? []),
    ...hostRoutes(wish.hosts ?? []),
    ...clusterRoutes(clusters, wish.dataCenters ?? [{ name: 'Default' }]),
  ];
  const logins = openLogins(user, password);
  const planned = [...(wish.planned ?? [])];
  const requests: Seen[] = [];
  const server = createTlsServer({ key, cert }, (request, response) => {
    void readText(request)
      .then(body => {
        const { method = '', url = '' } = request;
        const path = decodeURIComponent(url);
        requests.push({ method, path, body: bodyOf(request, body) });
        return replyTo(request, body, { routes, logins, planned });
      })
      .then(reply => send(response, reply));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>(resolve => server.listen(0, address, resolve));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  owner.teardown(close);
  const url = `https://${address}:${port}`;
  const access = { url, user, password: new Secret(password), ca: ca.cert };
  return { url, port, ca: ca.cert, user, password, access, logins, planned, requests, close };
}

interface Parts {
  readonly routes: readonly Route[];
  readonly logins: StandInLogins;
  readonly planned: Planned[];
}

async function replyTo(
  request: IncomingMessage,
  body: string,
  { routes, logins, planned }: Parts,
): Promise<Reply> {
  const method = request.method ?? '';
  const url = new URL(request.url ?? '', 'https://engine');
  const index = planned.findIndex(
    one => one.path.test(url.pathname) && (one.method === undefined || one.method === method),
  );
  const first = planned[index];
  if (first !== undefined) {
    const { times = 1 } = first;
    planned.splice(index, 1, ...(times > 1 ? [{ ...first, times: times - 1 }] : []));
    return first.reply;
  }
  const about = logins.answer(url.pathname, body);
  if (about !== undefined) {
    return about;
  }
  const [, path] = /^\/ovirt-engine\/api(\/.*)?$/.exec(decodeURIComponent(url.pathname)) ?? [];
  if (path === undefined) {
    return { status: 404, html: '<html><body>no such page</body></html>' };
  }
  if (!logins.knows(request.headers.authorization)) {
    return { status: 401, html: '<html><head><title>Error</title></head><body>Unauthorized</body></html>' };
  }
  const [plain = '', ...matrix] = path.split(';');
  for (const route of routes.filter(one => one.method === method)) {
    const match = route.path.exec(plain);
    if (match !== null) {
      return route.answer({
        params: match.groups ?? {},
        query: url.searchParams,
        matrix: new Map(matrix.map(one => [one.replace(/=.*$/, ''), one.replace(/^[^=]*=?/, '')])),
        body: bodyOf(request, body),
      });
    }
  }
  return { status: 404 };
}

function bodyOf(request: IncomingMessage, body: string): unknown {
  return body !== '' && request.headers['content-type'] === 'application/json' ? JSON.parse(body) : undefined;
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.delayMs !== undefined) {
    await sleep(reply.delayMs);
  }
  if (reply.cut) {
    response.socket?.destroy();
    return;
  }
  const { status = 200, json, html, raw, location } = reply;
  const body = html ?? raw ?? (json === undefined ? '' : JSON.stringify(json));
  response.writeHead(status, {
    ...(body === ''
      ? {}
      : { 'content-type': html === undefined ? 'application/json' : 'text/html;charset=UTF-8' }),
    ...(location === undefined ? {} : { location }),
  });
  response.end(body);
}

/** A server that speaks HTTP alone, on a port of its own. */
export async function startPlain(owner: Owner): Promise<number> {
  const server = createServer((_, response) => response.end('no TLS here'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  owner.teardown(() => new Promise(resolve => server.close(() => resolve())));
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
