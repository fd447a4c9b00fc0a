import type { Secret } from '../../core/secret.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import { conversation, type SudoAnswer, sudoPrompt, sudoWords, swallow } from './sudo.ts';

/** The user and rights that a script runs with, and how long it may take. */
export interface Shell {
  /** Through `sudo`. */
  readonly sudo: boolean;
  /** For sudo; without one it must not ask. */
  readonly password: Secret | undefined;
  /** The host itself ends the script after so many whole seconds. */
  readonly timeoutSeconds: number;
}

/** How a script gets to its shell. */
export interface ExecPlan {
  /** The command of the exec request. */
  readonly command: string;
  /** What of it is for people. */
  readonly shown: string;
  /** What goes to its stdin, undefined for nothing; with a password, the rest only once sudo has answered. */
  stdin(answer: Promise<SudoAnswer>): Iterable<string> | AsyncIterable<string> | undefined;
}

/**
 * The longest command, in bytes. An argument may have 128 KiB (MAX_ARG_STRLEN); 32 KiB is what every SSH server takes in
 * one packet (RFC 4253, section 6.1).
 */
const LONGEST_COMMAND = 32_000;

/**
 * Plans one exec: the login shell starts a first `sh`, which says `NONCE shell` on both streams and then starts the
 * script under `timeout`, through sudo where root's rights are to be taken. `timeout` stands inside sudo: outside it could
 * not end what runs as root. 5 seconds after SIGTERM it sends SIGKILL.
 *
 * A short script goes along in the command, which saves a round trip. A long one, one with a secret, and each one that
 * follows a password goes by stdin: arguments are open to everybody on the host.
 *
 * @param script made by `framed` with the same nonce.
 * @throws {RangeError} for a time limit that is no whole number of at least 1: to `timeout`, 0 means none.
 */
export function planExec(script: Sh, nonce: string, shell: Shell): ExecPlan {
  const { sudo, password, timeoutSeconds } = shell;
  if (timeoutSeconds < 1) {
    throw new RangeError(`A script needs a time limit of at least one second, not ${timeoutSeconds}`);
  }
  const limited = (command: Sh) => sh`timeout -k 5 ${timeoutSeconds} ${command}`;
  const shown = (sudo ? sh`sudo ${limited(sh`sh -s`)}` : limited(sh`sh -s`)).text;
  if (sudo && password !== undefined) {
    return {
      command: loginCommand(nonce, sh`exec ${sudoWords(sudoPrompt(nonce))} ${limited(swallow(nonce))}`),
      shown,
      stdin: answer => conversation(password, answer, sudoInput(script, nonce)),
    };
  }
  const inline = isShort(script) ? inlineCommand(script, nonce, sudo, limited) : undefined;
  if (inline !== undefined && inline.length <= LONGEST_COMMAND) {
    return { command: inline, shown, stdin: () => undefined };
  }
  const start = sudo
    ? sh`exec ${sudoWords()} ${limited(swallow(nonce))}`
    : sh`exec ${limited(sh`sh -s ${nonce}`)}`;
  return {
    command: loginCommand(nonce, start),
    shown,
    stdin: () => (sudo ? sudoInput(script, nonce) : script.pieces()),
  };
}

/** sudo keeps the command that it runs in the log: the script goes through a pipe, so the log stays short. */
function inlineCommand(script: Sh, nonce: string, sudo: boolean, limited: (command: Sh) => Sh): string {
  const { text } = script;
  return loginCommand(
    nonce,
    sudo
      ? sh`printf '%s\n' ${nonce} ${text} | ${sudoWords()} ${limited(swallow(nonce))}`
      : sh`exec ${limited(sh`sh -c ${text} sh ${nonce}`)}`,
  );
}

function* sudoInput(script: Sh, nonce: string): Generator<string, void> {
  yield `${nonce}\n`;
  yield* script.pieces();
}

/** Whether a script may stand in a command, as far as can be told without making its text. */
function isShort(script: Sh): boolean {
  if (script.hasSecret) {
    return false;
  }
  let length = 0;
  for (const piece of script.pieces()) {
    length += piece.length;
    if (length > LONGEST_COMMAND) {
      return false;
    }
  }
  return true;
}

/**
 * The command for the login shell, which may be any: csh and fish leave alone what stands in the quotes, there is no line
 * feed in it, and nothing that a history could expand.
 */
function loginCommand(nonce: string, start: Sh): string {
  const text = lines([sh`export LC_ALL=C`, sh`echo ${nonce} shell; echo ${nonce} shell >&2`, start]).text;
  return `exec sh -c 'eval "$(echo ${Buffer.from(text).toString('base64')} | base64 -d)"'`;
}

/** A command of {@link planExec} without sudo, taken apart again. */
export interface PlainCommand {
  readonly nonce: string;
  readonly timeoutSeconds: number;
  /** Undefined where it comes on stdin. */
  readonly script: string | undefined;
}

/** Reads a command that {@link planExec} made for a login as root; undefined for any other command. */
export function readPlainCommand(command: string): PlainCommand | undefined {
  const base64 = /^exec sh -c 'eval "\$\(echo ([A-Za-z0-9+/=]+) \| base64 -d\)"'$/.exec(command)?.[1];
  const text = Buffer.from(base64 ?? '', 'base64').toString('utf8');
  const parts =
    /^.*\necho ([0-9a-f]{32}) shell;.*\nexec timeout -k 5 (\d{1,9}) sh (?:-s \1|-c '(.*)' sh \1)$/s.exec(
      text,
    );
  const [, nonce, seconds, quotedScript] = parts ?? [];
  if (nonce === undefined || seconds === undefined) {
    return undefined;
  }
  const script = quotedScript?.replaceAll("'\\''", "'");
  const timeoutSeconds = Number(seconds);
  const limited = (inner: Sh) => sh`timeout -k 5 ${timeoutSeconds} ${inner}`;
  const inner = script === undefined ? sh`sh -s ${nonce}` : sh`sh -c ${script} sh ${nonce}`;
  // Made again it must be the same, or there is more in it than was read.
  return loginCommand(nonce, sh`exec ${limited(inner)}`) === command
    ? { nonce, timeoutSeconds, script }
    : undefined;
}
