import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { InputError, type Place } from '../core/input-error.ts';
import { lastLines } from '../core/last-lines.ts';
import type { Secret } from '../core/secret.ts';

/** What opens values and files that were encrypted with ansible-vault. */
export interface Vault {
  /**
   * @param place where the ciphertext stands, for the errors.
   * @throws {InputError} where there is no ansible-vault on this machine, no password, or a wrong one.
   */
  open(ciphertext: string, place: Place): Promise<string>;
}

/** How the user said that the vault is opened: as to Ansible itself. */
export interface VaultSettings {
  /** `--vault-password-file`: files that hold the password, or programs that print it. */
  readonly passwordFiles: readonly string[];
  /** `--vault-id`: `label@file`. */
  readonly ids: readonly string[];
  /** `--ask-vault-pass`: asks once. */
  readonly ask?: () => Promise<Secret>;
  /** The environment of ansible-vault, which heeds ANSIBLE_VAULT_PASSWORD_FILE and the like. */
  readonly environment: NodeJS.ProcessEnv;
}

/** How every file and value that ansible-vault has encrypted begins. */
const HEADER = /^\$ANSIBLE_VAULT;/;

/** Each ansible-vault is a Python of some 50 MB that takes a processor for a third of a second. */
const AT_ONCE = 4;

const HOW = 'Say how to open it: --vault-password-file FILE, --vault-id LABEL@FILE or --ask-vault-pass';
const FROM_ENVIRONMENT = ['ANSIBLE_VAULT_PASSWORD_FILE', 'ANSIBLE_VAULT_IDENTITY_LIST'];

/** Whether a file's text is encrypted as a whole. */
export function isEncrypted(text: string): boolean {
  return HEADER.test(text);
}

/** What is wrong with an encrypted value or file that nobody said how to open. */
export function closedProblem(place: Place, what: string) {
  return { place, message: `${what} is encrypted with ansible-vault`, hint: HOW };
}

/**
 * A vault that the system's own ansible-vault opens. Each ciphertext is opened once, when it is first asked for; the
 * password goes to ansible-vault through a file that the user named or through a pipe, never in an argument.
 *
 * @returns undefined where the user did not say how to open it.
 */
export function makeVault(settings: VaultSettings): Vault | undefined {
  const { passwordFiles, ids, ask, environment } = settings;
  const inEnvironment = FROM_ENVIRONMENT.some(name => environment[name]);
  if (passwordFiles.length === 0 && ids.length === 0 && ask === undefined && !inEnvironment) {
    return undefined;
  }
  const opened = new Map<string, Promise<string>>();
  const limit = pLimit(AT_ONCE);
  let password: Promise<Secret> | undefined;
  return {
    open(ciphertext, place) {
      password ??= ask?.();
      const text = opened.get(ciphertext) ?? limit(() => decrypt(ciphertext, place, settings, password));
      opened.set(ciphertext, text);
      return text;
    },
  };
}

/** The shell hands the password on in a pipe: what Node itself gives a child is a socket, which nobody can open by name. */
const WITH_PASSWORD = 'cat | "$@"';

async function decrypt(
  ciphertext: string,
  place: Place,
  { passwordFiles, ids, environment }: VaultSettings,
  password: Promise<Secret> | undefined,
): Promise<string> {
  const secret = await password;
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-vault-'));
  try {
    // What is encrypted is no secret, so it may lie in a file.
    const file = join(folder, 'ciphertext');
    await writeFile(file, ciphertext, { mode: 0o600 });
    const options = [
      ...[...passwordFiles, ...(secret === undefined ? [] : ['/dev/stdin'])].map(
        name => `--vault-password-file=${name}`,
      ),
      ...ids.map(id => `--vault-id=${id}`),
    ];
    const command = ['ansible-vault', 'decrypt', ...options, '--output=-', file];
    const argv = secret === undefined ? command : ['sh', '-c', WITH_PASSWORD, 'sh', ...command];
    return await runToEnd(argv, secret?.reveal(), environment, place);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runToEnd(
  [program = '', ...args]: readonly string[],
  input: string | undefined,
  environment: NodeJS.ProcessEnv,
  place: Place,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...environment, ANSIBLE_NOCOLOR: '1' }, stdio: 'pipe' });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const fail = (message: string, hint: string) => reject(new InputError([{ place, message, hint }]));
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => {}); // one that does not read it tells so by its exit code
    child.stdin.end(input);
    const missing = () =>
      fail(
        'There is no ansible-vault on this machine, and what stands here is encrypted with it',
        'Install ansible-core, or write the value without ansible-vault',
      );
    child.on('error', missing);
    child.on('close', code => {
      const said = Buffer.concat(stderr).toString('utf8').trim();
      if (code === 0) {
        resolve(Buffer.concat(stdout).toString('utf8'));
      } else if (code === SHELL_FOUND_NOTHING) {
        missing();
      } else if (WRONG_PASSWORD.test(said)) {
        fail('The password of ansible-vault that was given does not open what stands here', OTHER_PASSWORD);
      } else {
        fail(`ansible-vault cannot open what stands here: ${lastLines(said)}`, HOW);
      }
    });
  });
}

const SHELL_FOUND_NOTHING = 127;
const WRONG_PASSWORD = /Decryption failed/;
const OTHER_PASSWORD =
  'It was encrypted with another one: see --vault-password-file, --vault-id, --ask-vault-pass and ANSIBLE_VAULT_PASSWORD_FILE';
