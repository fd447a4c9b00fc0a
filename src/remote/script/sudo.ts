import type { Secret } from '../../core/secret.ts';
import { type Sh, sh } from '../../core/sh.ts';

/** What became of the password: the privileged shell has begun, sudo asks again, or nothing more is to come. */
export type SudoAnswer = 'root' | 'refused' | 'ended';

/** Calls sudo: with a prompt it takes the password from stdin if it needs one, without it must not ask. */
export function sudoWords(prompt?: string): Sh {
  return prompt === undefined ? sh`sudo -n` : sh`sudo -S -p ${prompt}`;
}

/** What sudo says each time that it asks, as a mark on a line of its own: asked twice, it did not take the first. */
export function sudoPrompt(nonce: string): string {
  return `${nonce} password\n`;
}

/**
 * The command that sudo runs. It says `NONCE root`, then passes over what stands on stdin before the nonce, and only then
 * lets a shell read: where sudo asked for no password (NOPASSWD, a valid ticket), the line with it is still there, and a
 * shell would execute it.
 */
export function swallow(nonce: string): Sh {
  return sh`sh -c ${SWALLOW} sh ${nonce}`;
}

// Without a character that sudoers wants escaped or takes as a pattern, so that it can stand in a rule as it is.
const SWALLOW = 'echo $1 root; while read -r line; do case $line in $1) exec sh -s $1;; esac; done';

/** The line of sudoers that allows a user this one command, and no other. Tags as `NOPASSWD:` may stand before it. */
export function sudoersRule(user: string, tag = ''): string {
  return `${user} ALL=(root) ${tag}/usr/bin/timeout -k 5 [0-9]* sh -c ${SWALLOW} sh [0-9a-f]*`;
}

/**
 * The password, and what follows once root's shell has begun. Nothing follows a password that was not taken: sudo would
 * read it as the next attempt, and three of them lock an account (pam_faillock).
 */
export async function* conversation(
  password: Secret,
  answer: Promise<SudoAnswer>,
  rest: Iterable<string>,
): AsyncGenerator<string, void> {
  yield `${password.reveal()}\n`;
  if ((await answer) === 'root') {
    yield* rest;
  }
}
