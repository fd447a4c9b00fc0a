import { connect } from 'node:net';
import ssh2, {
  type GetStreamCallback,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';

/** An agent that is given up if it does not answer, and leaves no socket behind then. */
class PatientAgent extends ssh2.OpenSSHAgent {
  readonly #path: string;
  readonly #patienceMs: number;

  constructor(path: string, patienceMs: number) {
    super(path);
    this.#path = path;
    this.#patienceMs = patienceMs;
  }

  override getStream(callback: GetStreamCallback): void {
    const socket = connect(this.#path);
    const failed = (error: Error) => callback(error);
    socket.setTimeout(this.#patienceMs, () => socket.destroy(new Error('the agent does not answer')));
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      callback(null, socket);
    });
  }
}

/** One key of an agent: offering them one by one makes it known which were tried, and in which order. */
export class AgentKey extends ssh2.BaseAgent<ParsedKey> {
  readonly key: ParsedKey;
  readonly #agent: PatientAgent;

  constructor(agent: PatientAgent, key: ParsedKey) {
    super();
    this.#agent = agent;
    this.key = key;
  }

  getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(null, [this.key]);
  }

  sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    if (typeof options === 'function') {
      this.#agent.sign(key, data, options);
    } else {
      this.#agent.sign(key, data, options, callback);
    }
  }
}

/**
 * The keys that the agent behind a socket holds. Certificates and security keys are left out: ssh2 cannot use them.
 * Rejects if there is no agent, or none that answers within the given milliseconds; its signatures have as long.
 */
export function listAgentKeys(socketPath: string, patienceMs = 10_000): Promise<readonly AgentKey[]> {
  const agent = new PatientAgent(socketPath, patienceMs);
  return new Promise((resolve, reject) =>
    agent.getIdentities((error, keys) => {
      if (error) {
        reject(error);
      } else {
        resolve((keys ?? []).flatMap(key => ('pubKey' in key ? [] : [new AgentKey(agent, key)])));
      }
    }),
  );
}
