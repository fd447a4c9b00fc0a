import type { Connection } from './connection.ts';
import type { Target } from './target.ts';

/** Connections to jump hosts, each for all hosts behind it. */
export interface SharedConnections {
  /**
   * The connection to a jump host; a new one where there is none yet, or none any more.
   *
   * @throws {HostError} for all hosts behind it the same, for a minute: they do not all wait for it in vain.
   */
  get(hop: Target): Promise<Connection>;
  /** Ends them all. */
  close(): void;
}

const FAILURE_HOLDS_MS = 60_000;

/**
 * Makes a place for connections that are shared.
 *
 * @param connect logs in on a jump host.
 */
export function sharedConnections(
  connect: (hop: Target) => Promise<Connection>,
  failureHoldsMs = FAILURE_HOLDS_MS,
): SharedConnections {
  const open = new Map<string, Promise<Connection>>();
  return {
    async get(hop) {
      const key = keyOf(hop);
      const there = open.get(key);
      if (there !== undefined) {
        return there;
      }
      const connecting = connect(hop);
      const forget = () => {
        if (open.get(key) === connecting) {
          open.delete(key);
        }
      };
      open.set(key, connecting);
      connecting.then(
        ({ client, closed }) => (closed ? forget() : client.once('close', forget)),
        () => setTimeout(forget, failureHoldsMs).unref(),
      );
      return connecting;
    },
    close() {
      for (const connecting of open.values()) {
        connecting.then(
          connection => connection.close(),
          () => {},
        );
      }
    },
  };
}

/** Two hops are the same where they are reached and logged in on in the same way. */
function keyOf({ user, address, port, knownAs, identityFiles, agentSocket, jumps }: Target): string {
  return JSON.stringify([user, address, port, knownAs, identityFiles, agentSocket, jumps.map(keyOf)]);
}
