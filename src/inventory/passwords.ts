import type { Problem } from '../core/input-error.ts';
import { Secret } from '../core/secret.ts';
import type { Variable } from './inventory.ts';
import { CONNECTION_VARIABLES } from './known-variables.ts';

/** The variables that hold a password: whatever shows an inventory's values must not show theirs. */
const PASSWORD_VARIABLES: ReadonlySet<string> = new Set([
  ...CONNECTION_VARIABLES.password,
  ...CONNECTION_VARIABLES.becomePassword,
]);

/** Whether a variable's value is a password, by its name. */
export function isPasswordVariable(name: string): boolean {
  return PASSWORD_VARIABLES.has(name);
}

/** The password in a variable, or what is wrong with it; the text itself is in neither message. */
export function readPassword({ name, text, place }: Variable): Secret | Problem {
  if (text.includes('{{') || text.includes('{%')) {
    return {
      place,
      message: `${name} holds a template`,
      hint: `Templates are not evaluated; ${ELSEWHERE}`,
    };
  }
  if (text === '') {
    return { place, message: `${name} is empty`, hint: `Leave it out, and ${ELSEWHERE}` };
  }
  // Both the prompts of a server and sudo take a line.
  return /[\0\r\n]/.test(text)
    ? { place, message: `${name} holds a line break`, hint: 'A password is one line' }
    : new Secret(text);
}

const ELSEWHERE =
  'give the password with --ask-pass or --connection-password-file, for sudo with --ask-become-pass or --become-password-file';
