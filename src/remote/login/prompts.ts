import type { Prompt } from 'ssh2';

/**
 * The answers to the questions of a keyboard-interactive login, or undefined where they are not for a password: nothing
 * but a single hidden question is answered, and none that asks for something else in so many words.
 */
export function answersTo(prompts: readonly Prompt[], password: string): string[] | undefined {
  const [first] = prompts;
  return prompts.length === 1 && first?.echo === false && !ONE_TIME.test(first.prompt)
    ? [password]
    : undefined;
}

/** What a server asked, in one line, as the server sent it otherwise. */
export function wordsOf(instructions: string, prompts: readonly Prompt[]): string {
  return [instructions, ...prompts.map(({ prompt }) => prompt)]
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_WORDS);
}

/** Whether the words of a question ask for a new password (PAM does so after the old one has expired). */
export function asksForNewPassword(words: string): boolean {
  return /\bnew (?:\w+ )?password|password\b.*\bexpired|change your password/i.test(words);
}

const ONE_TIME = /\b(?:one.?time|otp|verification|code|token|passcode|pin|second factor|duo)\b/i;

/** In characters; a server may say anything. */
const LONGEST_WORDS = 300;
