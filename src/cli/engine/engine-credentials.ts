import { readFile } from 'node:fs/promises';
import { InputError } from '../../core/input-error.ts';
import { Secret } from '../../core/secret.ts';
import type { EngineAccess } from '../../engine/client/access.ts';
import { certificatesIn } from '../../engine/client/trusted-ca.ts';
import { readSecretFile } from '../login/secret-file.ts';
import type { EngineApiOptions } from '../options/engine-api-options.ts';
import { allOrProblems } from '../plays/gather-problems.ts';
import { askSecret, canAskSecret } from '../terminal/ask-secret.ts';

/** What the user says for every engine of a call; where `ca` is left out it may still come from elsewhere. */
export type EngineCredentials = Omit<EngineAccess, 'url'>;

/**
 * User, password and authority for the engine's API: from the options, the environment, or a question on the terminal, which is
 * asked once in the life of the program.
 *
 * @throws {InputError} for what is missing and nobody can be asked for, and for files that cannot be used.
 * @throws {Interrupted} if the user ends the program at the question.
 */
export async function engineCredentials(options: EngineApiOptions): Promise<EngineCredentials> {
  const { engineUser: user, engineCa } = options;
  if (user === undefined) {
    throw new InputError([
      {
        message: "no user is named for the engine's API",
        hint: 'Give --engine-user admin@internal, or set HOOKFLEET_ENGINE_USER',
      },
    ]);
  }
  const [password, ca] = await allOrProblems([
    passwordOf(user, options),
    engineCa === undefined ? Promise.resolve(undefined) : readCaFile(engineCa),
  ]);
  return { user, password, ...(ca === undefined ? {} : { ca }) };
}

/** Of this process, so that an inventory and a command about the same engine do not both ask. */
const known = new Map<string, Promise<Secret>>();

function passwordOf(
  user: string,
  { enginePasswordFile: file, enginePassword }: EngineApiOptions,
): Promise<Secret> {
  if (file === undefined && enginePassword !== undefined) {
    return Promise.resolve(enginePassword);
  }
  const key = JSON.stringify([user, file]);
  const password = known.get(key) ?? (file === undefined ? ask(user) : readSecretFile(file));
  known.set(key, password);
  return password;
}

async function ask(user: string): Promise<Secret> {
  if (!canAskSecret()) {
    throw new InputError([
      {
        message: `there is no password for ${user} at the engine's API, and no terminal to ask on`,
        hint: 'Give --engine-password-file FILE, or set HOOKFLEET_ENGINE_PASSWORD',
      },
    ]);
  }
  const answer = await askSecret(`Password of ${user} at the engine: `);
  if (answer === '') {
    throw new InputError([{ message: 'No password was typed' }]);
  }
  return new Secret(answer);
}

async function readCaFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new InputError([
      { place: { file }, message: `the authority's certificate cannot be read: ${error.message}` },
    ]);
  });
  const ca = certificatesIn(text);
  if (ca === undefined) {
    throw new InputError([
      {
        place: { file },
        message: 'there is no certificate in it that can be read',
        hint: 'It begins with -----BEGIN CERTIFICATE-----, as /etc/pki/ovirt-engine/ca.pem on the engine host does',
      },
    ]);
  }
  return ca;
}
