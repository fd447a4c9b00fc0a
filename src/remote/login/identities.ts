import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import { InputError, type Problem } from '../../core/input-error.ts';
import type { Secret } from '../../core/secret.ts';
import { type AgentEntry, type AgentKey, listAgentKeys } from './agent.ts';
import { copyOf, type HeldKeys, orderAll, orderNamed } from './identity-order.ts';
import { type KeyFile, readKeyFile } from './key-file.ts';

/** One way to log in, in the order to try them; what cannot be used is kept, so that an error can name it. */
export type Identity =
  | { readonly kind: 'key'; readonly source: string; readonly key: ParsedKey }
  | { readonly kind: 'agent'; readonly source: string; readonly key: ParsedKey; readonly agent: AgentKey }
  | { readonly kind: 'encrypted'; readonly source: string; readonly publicKey: Buffer | undefined }
  | {
      readonly kind: 'unusable';
      readonly source: string;
      readonly reason: string;
      readonly publicKey?: Buffer;
    };

/** Which identities a host is to be tried with. */
export interface WantedIdentities {
  /** Absolute, in the order to try them; undefined for the default files. */
  readonly files: readonly string[] | undefined;
  /** Only those of the files, the default ones too: the agent's other keys are left out. */
  readonly only: boolean;
  /** Another agent's socket; null for no agent, undefined for the run's own. */
  readonly agentSocket?: string | null | undefined;
}

export interface Identities {
  /**
   * With files: of each the agent's copy of its key, else the file. Without: the agent's keys, those of the default
   * files first, then the default files; at most so many that a server with default settings lets try them all.
   */
  list(wanted: WantedIdentities): Promise<readonly Identity[]>;
}

/**
 * Gives the passphrase of an encrypted key file, or undefined to leave the file closed.
 *
 * @param refused how many passphrases did not open this file so far.
 */
export type AskPassphrase = (file: string, refused: number) => Promise<Secret | undefined>;

/** The user's identities. Each file and the agent's list are read once, however many hosts ask. */
export interface UserIdentities extends Identities {
  /**
   * Makes sure, before any host is contacted, that the key files which the user has named can be used. An encrypted
   * one passes, and so does one that only the agent has.
   *
   * @throws {InputError} that names every file which is missing, unreadable or no private key.
   */
  check(files: readonly string[]): Promise<void>;
  /**
   * Opens the encrypted ones of these files, one after the other, for all of the run; what the agent holds needs none.
   * Without files: the default ones, if neither the agent nor a file can be used, until one is open.
   *
   * @returns the files that stay closed.
   * @throws {InputError} for a file that cannot be used although its passphrase is right.
   */
  unlock(files: readonly string[] | undefined, ask: AskPassphrase): Promise<readonly string[]>;
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

/** The identities of a user, by default those that ssh would use. Nothing is read before somebody asks. */
export function identitiesOf(
  { home, agentSocket }: IdentitySources = defaultIdentitySources(),
): UserIdentities {
  const files = new Map<string, Promise<KeyFile>>();
  const file = (path: string) => {
    const read = files.get(path) ?? readKeyFile(path);
    files.set(path, read);
    return read;
  };
  const filesOf = (paths: readonly string[]) => Promise.all(paths.map(file));
  const defaultFiles = async () =>
    (await filesOf(DEFAULT_FILES.map(name => join(home, '.ssh', name)))).filter(
      ({ content }) => content !== undefined,
    );
  const agents = new Map<string, Promise<HeldKeys>>();
  const held = async (socket: string | null = agentSocket ?? null) => {
    if (socket === null) {
      return NO_AGENT;
    }
    const keys = agents.get(socket) ?? heldBy(socket);
    agents.set(socket, keys);
    return keys;
  };

  const open = async (path: string, ask: AskPassphrase): Promise<boolean> => {
    for (let refused = 0; ; refused += 1) {
      const passphrase = await ask(path, refused);
      if (passphrase === undefined) {
        return false;
      }
      const opened = await readKeyFile(path, passphrase);
      if (opened.content?.kind === 'usable') {
        files.set(path, Promise.resolve(opened));
        return true;
      }
      if (opened.content?.kind !== 'wrong-passphrase') {
        throw new InputError(problemOf(opened, []));
      }
    }
  };

  return {
    async list({ files: named, only, agentSocket: socket }) {
      const keys = await held(socket);
      const keyFiles = named === undefined ? await defaultFiles() : await filesOf(named);
      return only || (named !== undefined && named.length > 0)
        ? orderNamed(keyFiles, keys)
        : orderAll(keyFiles, keys);
    },

    async check(paths) {
      const { entries } = await held();
      const problems = (await filesOf([...new Set(paths)])).flatMap(one => problemOf(one, entries));
      if (problems.length > 0) {
        throw new InputError(problems);
      }
    },

    async unlock(paths, ask) {
      const { entries } = await held();
      const candidates = paths === undefined ? await defaultFiles() : await filesOf([...new Set(paths)]);
      const isUsable = (one: KeyFile) => one.content?.kind === 'usable' || copyOf(one, entries) !== undefined;
      if (paths === undefined && (entries.some(({ key }) => key) || candidates.some(isUsable))) {
        return [];
      }
      const closed: string[] = [];
      for (const one of candidates.filter(({ content }) => content?.kind === 'encrypted')) {
        if (copyOf(one, entries) === undefined && !(await open(one.path, ask))) {
          closed.push(one.path);
        } else if (paths === undefined) {
          return [];
        }
      }
      return closed;
    },
  };
}

/** In the order that the program promises; the last two are security keys, which cannot be used but are named. */
const DEFAULT_FILES = ['id_ed25519', 'id_ecdsa', 'id_rsa', 'id_ed25519_sk', 'id_ecdsa_sk'];

const NO_AGENT: HeldKeys = { entries: [], trouble: undefined };

async function heldBy(socket: string): Promise<HeldKeys> {
  try {
    return { entries: await listAgentKeys(socket), trouble: undefined };
  } catch (error) {
    const reason = (error as Error).message;
    return { entries: [], trouble: { kind: 'unusable', source: `agent at ${socket}`, reason } };
  }
}

function problemOf(file: KeyFile, entries: readonly AgentEntry[]): readonly Problem[] {
  if (copyOf(file, entries) !== undefined) {
    return [];
  }
  const place = { file: file.path };
  switch (file.content?.kind) {
    case undefined:
      return [{ place, message: 'there is no such private key file' }];
    case 'public':
      return [
        {
          place,
          message: 'it holds a public key, not a private one, and the agent does not have the private one',
          hint: 'Name the private key file, or load it into the agent: ssh-add',
        },
      ];
    case 'unreadable':
      return [
        { place, message: `not a private key that can be used: ${file.content.reason}`, hint: KEY_HINT },
      ];
    default:
      return [];
  }
}

const KEY_HINT = 'OpenSSH and PEM keys of the types Ed25519, ECDSA and RSA can be used';
