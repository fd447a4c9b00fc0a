import { InputError } from '../../core/input-error.ts';
import { Secret } from '../../core/secret.ts';
import { sh } from '../../core/sh.ts';
import type { AskPassphrase } from '../../remote/login/identities.ts';
import { askSecret, canAskSecret } from '../terminal/ask-secret.ts';
import { readSecretFile } from './secret-file.ts';

/**
 * Where the passphrases of key files come from: first the file that the command line or the environment names, then
 * the terminal, at most three times a key. An empty answer leaves the key closed.
 *
 * @param file the option `--key-passphrase-file`; without it HOOKFLEET_KEY_PASSPHRASE_FILE counts.
 */
export function passphrases(file = process.env.HOOKFLEET_KEY_PASSPHRASE_FILE || undefined): AskPassphrase {
  let inFile: Promise<Secret> | undefined;
  return async (key, refused) => {
    if (file !== undefined && refused === 0) {
      inFile ??= readSecretFile(file);
      return inFile;
    }
    if (!canAskSecret()) {
      if (file !== undefined) {
        throw new InputError([
          { place: { file: key }, message: `the passphrase in ${file} does not open it` },
        ]);
      }
      return undefined;
    }
    const asked = file === undefined ? refused : refused - 1;
    if (asked === MOST_QUESTIONS) {
      return undefined;
    }
    const again = asked === 0 ? '' : 'That was not it. ';
    const answer = await askSecret(`${again}Passphrase for ${key}: `);
    return answer === '' ? undefined : new Secret(answer);
  };
}

/** As ssh and ssh-add have it (NumberOfPasswordPrompts). */
const MOST_QUESTIONS = 3;

/** The error for key files that the user has named, and that stay closed. */
export function closedKeys(files: readonly string[]): InputError {
  return new InputError(
    files.map(file => ({
      place: { file },
      message: 'it is encrypted, its passphrase is not known, and the agent does not hold the key',
      hint: `Load it into the agent: ${sh`ssh-add ${file}`.text}; or give its passphrase on the terminal, or with --key-passphrase-file FILE`,
    })),
  );
}
