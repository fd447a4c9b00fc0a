import type { Client } from 'ssh2';

/** One refusal of the server (SSH_MSG_USERAUTH_FAILURE). */
export interface Refusal {
  /** The methods with which the login may go on. */
  readonly methods: readonly string[];
  /** What was tried was right, but more is asked for. */
  readonly partial: boolean;
}

/** What the server says during the login. */
export interface Overheard {
  /** The algorithms of user keys' signatures that it knows (server-sig-algs, RFC 8308); undefined if it does not say. */
  readonly signatures: readonly string[] | undefined;
  /** The refusal since the last call; undefined if there was none. */
  takeRefusal(): Refusal | undefined;
}

/**
 * Listens to what ssh2 hears and keeps to itself: after an agent's key it tells neither what the server still takes,
 * nor that the key was accepted and more is asked for; and never which signatures the server knows.
 *
 * @param client after its `connect`.
 * @returns undefined if this ssh2 is built in another way.
 */
export function overhear(client: Client): Overheard | undefined {
  const handlers = (client as unknown as { readonly _protocol?: { readonly _handlers?: Handlers } })._protocol
    ?._handlers;
  const onFailure = handlers?.USERAUTH_FAILURE;
  const onExtensions = handlers?.EXT_INFO;
  if (handlers === undefined || onFailure === undefined || onExtensions === undefined) {
    return undefined;
  }
  let refusal: Refusal | undefined;
  let signatures: readonly string[] | undefined;
  handlers.USERAUTH_FAILURE = (protocol, methods, partial) => {
    refusal = { methods, partial };
    onFailure(protocol, methods, partial);
  };
  handlers.EXT_INFO = (protocol, extensions) => {
    signatures ??= extensions.find(({ name }) => name === 'server-sig-algs')?.algs;
    onExtensions(protocol, extensions);
  };
  return {
    get signatures() {
      return signatures;
    },
    takeRefusal() {
      const taken = refusal;
      refusal = undefined;
      return taken;
    },
  };
}

interface Handlers {
  USERAUTH_FAILURE?: (protocol: unknown, methods: readonly string[], partial: boolean) => void;
  EXT_INFO?: (
    protocol: unknown,
    extensions: readonly { readonly name: string; readonly algs: readonly string[] }[],
  ) => void;
}
