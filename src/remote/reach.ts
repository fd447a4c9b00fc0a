import { setMaxListeners } from 'node:events';
import type { Duplex } from 'node:stream';
import { type Phase, where } from './attempt.ts';
import type { Connection } from './connection.ts';
import { openForwarded } from './forwarded.ts';
import type { NewHostKey } from './host-keys/host-key-check.ts';
import type { KnownHosts } from './host-keys/known-hosts.ts';
import type { Identities, Identity } from './login/identities.ts';
import { type ConnectLimits, connectLimits, retried } from './retry.ts';
import { sharedConnections } from './shared-connections.ts';
import { startLimiter } from './start-limiter.ts';
import type { Target } from './target.ts';
import { openTcp } from './tcp.ts';
import { type Opener, tryConnect } from './try-connect.ts';

export interface ReachOptions {
  readonly knownHosts: KnownHosts;
  readonly identities: Identities;
  /** Tried first on jump hosts for which ssh_config names no identity file; absolute. */
  readonly jumpIdentityFile?: string | undefined;
  readonly limits?: Partial<ConnectLimits>;
  /** A host that leaves three keepalives without answer is given up; one is sent after so many silent milliseconds, 10 s by default. */
  readonly keepaliveMs?: number;
  /** What to type to trust new keys of a host, or of a hop on the way, for the error. */
  trustCommand?(target: Target): string;
  /** Told of each key that is not on record, of a host or of a hop before it. */
  onNewHostKey?(key: NewHostKey): void;
}

/** The ways to all targets of a run: the jump hosts between are shared, and no sshd gets too many new connections at once. */
export interface Reach {
  /**
   * Logs in on a target, through its jump hosts.
   *
   * @throws {HostError} of outcome `unreachable`, of the target or of the jump host that is the cause. The signal's
   * reason, once it is aborted; a jump host that others wait for too is tried on.
   */
  logIn(target: Target, signal?: AbortSignal): Promise<Connection>;
  /**
   * Opens a TCP connection to a target, through its jump hosts; until it is closed it counts as one that has not
   * logged in.
   *
   * @param ended gives it up.
   * @param reached is told how far it comes.
   * @throws {HostError} of the jump host that is in the way. {@link ConnectionError} of the connection itself.
   */
  open(target: Target, ended: AbortSignal, reached: (phase: Phase) => void): Promise<Duplex>;
  /** Ends the connections to the jump hosts, and so all that go through them. */
  close(): void;
}

export function openReach(options: ReachOptions): Reach {
  const { knownHosts, keepaliveMs = 10_000, onNewHostKey } = options;
  const limited = startLimiter();
  const closing = new AbortController();
  const jumpHosts = sharedConnections(hop => logIn(hop, closing.signal));

  const openerFor = async (target: Target): Promise<Opener> => {
    const hop = target.jumps.at(-1);
    if (hop === undefined) {
      return (ended, reached) => openTcp(target.address, target.port, ended, reached);
    }
    const via = await jumpHosts.get(hop);
    return (ended, reached) => {
      reached('tcp');
      return openForwarded(via, where(hop), target.address, target.port, ended);
    };
  };

  const logIn = async (target: Target, signal?: AbortSignal): Promise<Connection> => {
    const identities = await identitiesFor(target, options);
    const limits = connectLimits(options.limits ?? {}, target);
    const { greetingMs, allMs } = limits;
    const tryOnce = async (leftMs: number) => {
      const open = await openerFor(target);
      return limited(endpointOf(target), () =>
        tryConnect(target, open, {
          ...{ knownHosts, identities, greetingMs, leftMs, allMs, keepaliveMs },
          ...{ signal, trustCommand: () => options.trustCommand?.(target), onNewHostKey },
        }),
      );
    };
    return retried(tryOnce, limits, signal);
  };

  return {
    logIn: (target, signal) => unlessAborted(logIn(target, signal), signal),
    async open(target, ended, reached) {
      const opener = await unlessAborted(openerFor(target), ended);
      return new Promise((resolve, reject) => {
        void limited(endpointOf(target), async () => {
          try {
            const stream = await opener(ended, reached);
            const closed = new Promise(done => stream.once('close', done));
            resolve(stream);
            await closed;
          } catch (error) {
            reject(error);
          }
        });
      });
    },
    close() {
      closing.abort();
      jumpHosts.close();
    },
  };
}

async function identitiesFor(
  { role, identityFiles: files, identitiesOnly: only, agentSocket }: Target,
  { identities, jumpIdentityFile }: ReachOptions,
): Promise<readonly Identity[]> {
  const wanted = await identities.list({ files, only, agentSocket });
  if (role !== 'jump' || files !== undefined || jumpIdentityFile === undefined) {
    return wanted;
  }
  const first = await identities.list({ files: [jumpIdentityFile], only: true, agentSocket });
  const tried = new Set(first.map(({ source }) => source));
  return [...first, ...wanted.filter(({ source }) => !tried.has(source))];
}

/** Who waits for what others wait for too, or for a turn, need not wait for it to end. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  setMaxListeners(0, signal); // one signal for many hosts is no leak
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) {
      abort();
    }
  });
}

/** What is counted: an address behind a jump host is another one than the same address from here. */
function endpointOf({ address, port, jumps }: Target): string {
  return [...jumps.map(endpointOf), `${address.toLowerCase()} ${port}`].join(' > ');
}
