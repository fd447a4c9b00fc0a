import type { Host } from '../../core/host.ts';
import { InputError, type Problem } from '../../core/input-error.ts';
import { Secret } from '../../core/secret.ts';
import type { FleetOptions } from '../options/options.ts';
import { allOrProblems } from '../plays/gather-problems.ts';
import { askSecret, canAskSecret } from '../terminal/ask-secret.ts';
import { readSecretFile } from './secret-file.ts';

/** The passwords of a run, for hosts whose inventory has none. */
export interface LoginSecrets {
  readonly password?: Secret | undefined;
  readonly becomePassword?: Secret | undefined;
}

type SecretOptions = Pick<
  FleetOptions,
  'askPass' | 'connectionPasswordFile' | 'askBecomePass' | 'becomePasswordFile'
>;

/**
 * Reads and asks for the passwords that the command line names, each once. Where both are asked for, an empty answer to
 * the second question means the first one's, as in Ansible.
 *
 * @throws {InputError} for a file that cannot be used, an empty answer, and a question where nobody can be asked.
 * @throws {Interrupted} if the user ends the program instead.
 */
export async function gatherSecrets(options: SecretOptions): Promise<LoginSecrets> {
  const problems = [...(canAskSecret() ? [] : unanswerable(options)), ...stdinTwice(options)];
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  const [passwordInFile, becomePasswordInFile] = await allOrProblems([
    inFile(options.connectionPasswordFile),
    inFile(options.becomePasswordFile),
  ]);
  const password = options.askPass ? await ask('SSH password: ') : passwordInFile;
  const question =
    password === undefined ? 'Become password: ' : 'Become password (Enter for the SSH password): ';
  const becomePassword = options.askBecomePass ? await ask(question, password) : becomePasswordInFile;
  return { password, becomePassword };
}

/** The host with the passwords of the run, where it has none of its own. */
export function withSecrets(host: Host, { password, becomePassword }: LoginSecrets): Host {
  return {
    ...(password && { password }),
    ...(becomePassword && { becomePassword }),
    ...host,
  };
}

async function inFile(file: string | undefined): Promise<Secret | undefined> {
  return file === undefined ? undefined : readSecretFile(file);
}

async function ask(question: string, otherwise?: Secret): Promise<Secret> {
  const answer = await askSecret(question);
  if (answer !== '') {
    return new Secret(answer);
  }
  if (otherwise === undefined) {
    throw new InputError([{ message: 'No password was typed' }]);
  }
  return otherwise;
}

function stdinTwice({ connectionPasswordFile, becomePasswordFile }: SecretOptions): Problem[] {
  return connectionPasswordFile === '-' && becomePasswordFile === '-'
    ? [{ message: 'stdin can give one secret only', hint: 'Put one of the two passwords into a file' }]
    : [];
}

function unanswerable({ askPass, askBecomePass }: SecretOptions): Problem[] {
  const problem = (option: string, variable: string, file: string): Problem => ({
    message: `${option} asks for a password, and there is no terminal to ask on`,
    hint: `Give ${file} FILE, or set ${variable} in the inventory`,
  });
  return [
    ...(askPass ? [problem('--ask-pass', 'ansible_password', '--connection-password-file')] : []),
    ...(askBecomePass
      ? [problem('--ask-become-pass', 'ansible_become_password', '--become-password-file')]
      : []),
  ];
}
