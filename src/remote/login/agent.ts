import { connect, type Socket } from 'node:net';
import ssh2, {
  type GetStreamCallback,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import { readString } from '../wire.ts';
import { unsupportedType } from './unsupported-key.ts';

/** One key of an agent, as the agent lists it. */
export interface AgentEntry {
  readonly comment: string;
  /** The public key in its wire form; of a certificate the whole certificate. */
  readonly publicKey: Buffer;
  /** Undefined for what ssh2 cannot use: certificates, security keys, types that it does not know. */
  readonly key: AgentKey | undefined;
}

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
    const socket = openSocket(this.#path, this.#patienceMs);
    const failed = (error: Error) => callback(error);
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      callback(null, socket);
    });
  }
}

/** Looks at every signature that one login asks an agent for. */
export interface SignatureWatch {
  /** Refuses the signature before the agent is asked, by giving the reason. */
  refuse(hash: string | undefined): Error | undefined;
  failed(error: Error): void;
}

/** One key of an agent: offering them one by one makes it known which were tried, and in which order. */
export class AgentKey extends ssh2.BaseAgent<ParsedKey> {
  readonly key: ParsedKey;
  readonly #agent: PatientAgent;
  readonly #watch: SignatureWatch | undefined;

  constructor(agent: PatientAgent, key: ParsedKey, watch?: SignatureWatch) {
    super();
    this.#agent = agent;
    this.key = key;
    this.#watch = watch;
  }

  /** The same key for one login, whose signatures are looked at. */
  watchedBy(watch: SignatureWatch): AgentKey {
    return new AgentKey(this.#agent, this.key, watch);
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
    const settings = typeof options === 'function' ? {} : options;
    const done = typeof options === 'function' ? options : callback;
    const refusal = this.#watch?.refuse(settings.hash);
    const watched: SignCallback = (error, signature) => {
      if (error) {
        this.#watch?.failed(error);
      }
      done?.(error, signature);
    };
    if (refusal) {
      watched(refusal);
    } else {
      this.#agent.sign(key, data, settings, watched);
    }
  }
}

/**
 * All keys that the agent behind a socket holds (SSH_AGENTC_REQUEST_IDENTITIES of draft-miller-ssh-agent). It asks by
 * itself, because ssh2 passes over keys that it cannot use and does not tell. Rejects if there is no agent, or none
 * that answers within the given milliseconds; its signatures have as long.
 */
export async function listAgentKeys(socketPath: string, patienceMs = 10_000): Promise<readonly AgentEntry[]> {
  const agent = new PatientAgent(socketPath, patienceMs);
  return readEntries(await request(socketPath, patienceMs)).map(({ publicKey, comment }) => {
    const parsed: ParsedKey | Error = ssh2.utils.parseKey(publicKey);
    const usable = !(parsed instanceof Error) && unsupportedType(parsed.type) === undefined;
    return { publicKey, comment, key: usable ? new AgentKey(agent, parsed) : undefined };
  });
}

function request(socketPath: string, patienceMs: number): Promise<Buffer> {
  const socket = openSocket(socketPath, patienceMs);
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const hungUp = new Error('the agent hung up');
    socket.once('error', (error: NodeJS.ErrnoException) =>
      reject(['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? hungUp : error),
    );
    socket.once('close', () => reject(hungUp));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const data = Buffer.concat(chunks);
      const length = data.length < 4 ? undefined : data.readUInt32BE();
      if (length !== undefined && length > LONGEST_ANSWER) {
        socket.destroy(new Error('the agent does not speak the protocol of ssh-agent'));
      } else if (length !== undefined && data.length >= 4 + length) {
        resolve(data.subarray(4, 4 + length));
        socket.destroy();
      }
    });
    socket.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES]));
  });
}

function readEntries(answer: Buffer): readonly { publicKey: Buffer; comment: string }[] {
  if (answer[0] !== IDENTITIES_ANSWER || answer.length < 5) {
    throw new Error('the agent refused to list its keys');
  }
  const entries: { publicKey: Buffer; comment: string }[] = [];
  let position = 5;
  for (let count = answer.readUInt32BE(1); count > 0; count -= 1) {
    const publicKey = readString(answer, position);
    const comment = publicKey && readString(answer, position + 4 + publicKey.length);
    if (publicKey === undefined || comment === undefined) {
      throw new Error('the agent gave a list of keys that cannot be read');
    }
    entries.push({ publicKey, comment: comment.toString() });
    position += 8 + publicKey.length + comment.length;
  }
  return entries;
}

function openSocket(path: string, patienceMs: number): Socket {
  const socket = connect(path);
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('the agent does not answer')));
  return socket;
}

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
/** OpenSSH's own limit for an answer of the agent. */
const LONGEST_ANSWER = 256 * 1024;
