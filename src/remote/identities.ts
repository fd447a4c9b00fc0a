import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import { InputError } from '../core/input-error.ts';
import { type AgentKey, listAgentKeys } from './agent.ts';
import { type PrivateKey, parsePrivateKey } from './private-key.ts';

/** One way to log in, in the order to try them; what cannot be used is kept, so that an error can name it. */
export type Identity =
  | { readonly kind: 'key'; readonly source: string; readonly key: ParsedKey }
  | { readonly kind: 'agent'; readonly source: string; readonly key: ParsedKey; readonly agent: AgentKey }
  | { readonly kind: 'encrypted'; readonly source: string; readonly publicKey: Buffer | undefined }
  | { readonly kind: 'unusable'; readonly source: string; readonly reason: string };

/** The user's identities. Each file and the agent's list are read once, however many hosts ask. */
export interface Identities {
  /**
   * With a file: that one, then the agent's keys; of an encrypted file the agent's copy of its key first. Without a
   * file: the agent's keys, then the default files that exist. A key that occurs twice is listed once.
   */
  list(privateKeyFile?: string): Promise<readonly Identity[]>;
}

export interface IdentitySources {
  readonly home: string;
  /** The agent's socket; without one there is no agent. */
  readonly agentSocket: string | undefined;
}

/** The home folder and the agent that ssh would use. */
function defaultIdentitySources(): IdentitySources {
  return { home: homedir(), agentSocket: process.env.SSH_AUTH_SOCK || undefined };
}

export function identitiesOf({ home, agentSocket }: IdentitySources = defaultIdentitySources()): Identities {
  const files = new Map<string, Promise<PrivateKey | undefined>>();
  const file = (path: string) => {
    const read = files.get(path) ?? readPrivateKey(path);
    files.set(path, read);
    return read;
  };
  let agent: Promise<readonly Identity[]> | undefined;
  const agentKeys = () => {
    agent ??= agentSocket === undefined ? Promise.resolve([]) : agentIdentities(agentSocket);
    return agent;
  };

  return {
    async list(privateKeyFile) {
      if (privateKeyFile !== undefined) {
        const key = (await file(privateKeyFile)) ?? { kind: 'unreadable', reason: 'there is no such file' };
        return unique(explicitFirst(fileIdentity(privateKeyFile, key), await agentKeys()));
      }
      const defaults = await Promise.all(
        DEFAULT_FILES.map(async name => {
          const path = join(home, '.ssh', name);
          const key = await file(path);
          return key === undefined ? [] : [fileIdentity(path, key)];
        }),
      );
      return unique([...(await agentKeys()), ...defaults.flat()]);
    },
  };
}

/**
 * Makes sure, before any host is contacted, that the key files which the user has named can be used. An encrypted one
 * passes: the agent may hold its key.
 *
 * @throws {InputError} that names every file which is missing, unreadable or no private key.
 */
export async function checkPrivateKeys(paths: readonly string[]): Promise<void> {
  const problems = await Promise.all(
    [...new Set(paths)].map(async file => {
      const key = await readPrivateKey(file);
      if (key === undefined) {
        return [{ place: { file }, message: 'there is no such private key file' }];
      }
      return key.kind === 'unreadable'
        ? [{ place: { file }, message: `not a private key that can be used: ${key.reason}`, hint: KEY_HINT }]
        : [];
    }),
  );
  if (problems.flat().length > 0) {
    throw new InputError(problems.flat());
  }
}

const KEY_HINT = 'OpenSSH and PEM keys of the types Ed25519, ECDSA and RSA can be used';

/** In the order that the program promises; a subset of ssh's own defaults. */
const DEFAULT_FILES = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** Undefined if there is no such file. */
async function readPrivateKey(path: string): Promise<PrivateKey | undefined> {
  try {
    return parsePrivateKey(await readFile(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { kind: 'unreadable', reason: message };
  }
}

async function agentIdentities(socketPath: string): Promise<readonly Identity[]> {
  try {
    return (await listAgentKeys(socketPath)).map(agent => ({
      kind: 'agent',
      source: `agent${agent.key.comment ? ` (${agent.key.comment})` : ''}`,
      key: agent.key,
      agent,
    }));
  } catch (error) {
    return [{ kind: 'unusable', source: `agent at ${socketPath}`, reason: (error as Error).message }];
  }
}

function fileIdentity(source: string, key: PrivateKey): Identity {
  switch (key.kind) {
    case 'usable':
      return { kind: 'key', source, key: key.key };
    case 'encrypted':
      return { kind: 'encrypted', source, publicKey: key.publicKey };
    case 'unreadable':
      return { kind: 'unusable', source, reason: key.reason };
  }
}

/** An encrypted file comes last, the agent's key that it stands for first. */
function explicitFirst(file: Identity, agentKeys: readonly Identity[]): readonly Identity[] {
  if (file.kind !== 'encrypted') {
    return [file, ...agentKeys];
  }
  const standsFor = (identity: Identity) =>
    file.publicKey !== undefined && publicKey(identity)?.equals(file.publicKey) === true;
  return [...agentKeys.filter(standsFor), ...agentKeys.filter(identity => !standsFor(identity)), file];
}

/** Leaves out what is there under the same key already. */
function unique(identities: readonly Identity[]): readonly Identity[] {
  const seen = new Set<string>();
  return identities.filter(identity => {
    const name = publicKey(identity)?.toString('base64') ?? identity.source;
    return !seen.has(name) && seen.add(name);
  });
}

function publicKey(identity: Identity): Buffer | undefined {
  return 'key' in identity
    ? identity.key.getPublicSSH()
    : 'publicKey' in identity
      ? identity.publicKey
      : undefined;
}
