import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError, type Place } from '../../core/input-error.ts';
import { Secret } from '../../core/secret.ts';
import type { WantedRepository } from '../../playbook/play.ts';
import type { SecretData } from '../../playbook/schema-repositories.ts';
import { repositoryProblems } from '../../resources/package/repository-problems.ts';
import type { RepositoryKey, RepositoryWanted } from '../../resources/package/repository-wanted.ts';

/**
 * Reads what a repository of a playbook names: the key beside the playbook, secrets from files and the environment.
 *
 * @throws {InputError} with everything that is wrong with it.
 */
export async function prepareRepository({ options, placeOf }: WantedRepository): Promise<RepositoryWanted> {
  const {
    id,
    state,
    gpgkey,
    gpgkey_fingerprint,
    username,
    password,
    proxy_username,
    proxy_password,
    ...plain
  } = options;
  const wanted: RepositoryWanted =
    state === 'absent'
      ? { id, state }
      : definedOf({
          ...plain,
          id,
          state: 'present' as const,
          baseurl: listOf(plain.baseurl),
          includepkgs: listOf(plain.includepkgs),
          excludepkgs: listOf(plain.excludepkgs),
          metadata_expire: plain.metadata_expire === undefined ? undefined : String(plain.metadata_expire),
          key: gpgkey && (await readKey(gpgkey, listOf(gpgkey_fingerprint) ?? [], placeOf('gpgkey'))),
          username,
          password: password && (await readSecret(password, placeOf('password'))),
          proxy_username,
          proxy_password: proxy_password && (await readSecret(proxy_password, placeOf('proxy_password'))),
        });
  const problems = repositoryProblems(wanted).map(({ option, message, hint }) => ({
    place: placeOf(option === 'key' ? 'gpgkey' : option),
    message,
    hint,
  }));
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return wanted;
}

/** A URL is fetched by the host, and its key checked by its fingerprint; anything else is a file beside the playbook. */
async function readKey(
  gpgkey: string,
  fingerprints: readonly string[],
  place: Place,
): Promise<RepositoryKey> {
  if (/^[a-z]+:\/\//i.test(gpgkey)) {
    const tidied = fingerprints.map(fingerprint => fingerprint.replaceAll(/[\s:]/g, '').toUpperCase());
    return { from: 'url', url: gpgkey, fingerprints: tidied };
  }
  return { from: 'file', file: gpgkey, armored: await readBeside(gpgkey, place) };
}

async function readSecret(secret: SecretData, place: Place): Promise<Secret> {
  if (typeof secret === 'string') {
    return new Secret(secret);
  }
  if ('file' in secret) {
    const text = (await readBeside(secret.file, place)).replace(/\r?\n$/, '');
    if (text === '') {
      throw new InputError([
        { place, message: `${secret.file} is empty`, hint: 'A password is to stand in it.' },
      ]);
    }
    return new Secret(text);
  }
  const value = process.env[secret.env];
  if (value === undefined || value === '') {
    throw new InputError([
      {
        place,
        message: `The environment variable ${secret.env} is not set`,
        hint: 'The playbook takes a password from it.',
      },
    ]);
  }
  return new Secret(value);
}

async function readBeside(path: string, place: Place): Promise<string> {
  try {
    return await readFile(resolve(dirname(place.file), path), 'utf8');
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'does not exist'
        : 'cannot be read';
    throw new InputError([
      { place, message: `${path} ${reason}`, hint: 'Paths are relative to the playbook.' },
    ]);
  }
}

function listOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof value === 'string' ? [value] : value;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined | ''> };

/** Leaves out what is undefined: an option that is not said is not an option that is empty. */
function definedOf<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T>;
}
