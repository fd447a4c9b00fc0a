import type { Section } from '../core/section.ts';
import type { Sh } from '../core/sh.ts';
import type { Connection } from './connection.ts';
import { exec } from './exec.ts';
import { execCommand, framed, newNonce, type ScriptOptions } from './framing.ts';
import { MarkedStream } from './marked-stream.ts';
import { scriptFailure } from './script-failure.ts';
import type { Target } from './target.ts';

/** A login on one host. */
export interface Session {
  /**
   * Runs the fragments, in order, as one script in one exec. Fragments find what `Resource` promises them; each has
   * its own subshell and its own section, whatever a login shell prints around them. Any exit code of a fragment is
   * an answer, not an error.
   *
   * @returns a section for each fragment that ran; fewer than fragments only with `stopAtFailure`.
   * @throws {HostError} kinds `become`, `shell`, `timeout`, `killed`, `connection-lost`, `output-limit`; `unreachable`
   * if this session had no shell yet, else `failed`. If the signal ended the session: the signal's reason.
   */
  run(fragments: readonly Sh[], options: RunOptions): Promise<readonly Section[]>;
  /** Ends the session; safe at any time, and more than once. A script that is still running is not waited for. */
  close(): void;
}

export interface RunOptions extends ScriptOptions {
  /** Take root's rights with `sudo -n`; nothing to do where the login user is root. */
  readonly become: boolean;
  /** The host itself ends the script after so many seconds, a whole number of at least 1. */
  readonly timeoutSeconds: number;
  /** Called in order, each as soon as it is complete; also when the script fails later. */
  onSection?(index: number, section: Section): void;
}

export interface SessionOptions {
  /** How long after `timeoutSeconds` a host that has not ended the script is given up, in milliseconds. */
  readonly graceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** How many bytes are kept of each of stdout and stderr of one exec; more are read and dropped. */
const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** Makes a session of a connection whose login has succeeded. */
export function openSession(
  connection: Connection,
  host: Target,
  { graceMs, signal }: SessionOptions,
): Session {
  let hadShell = false;

  const run = async (fragments: readonly Sh[], options: RunOptions): Promise<readonly Section[]> => {
    const shell = { sudo: options.become && host.user !== 'root', timeoutSeconds: options.timeoutSeconds };
    const command = execCommand(shell);
    const nonce = newNonce();
    const stdout = new MarkedStream(nonce, OUTPUT_LIMIT);
    const stderr = new MarkedStream(nonce, OUTPUT_LIMIT);
    const sections: Section[] = [];

    const takeSections = () => {
      for (let i = sections.length; stdout.dropped === 0; i += 1) {
        const [out, err] = [stdout.pieces[i], stderr.pieces[i]];
        if (out === undefined || err === undefined) {
          return;
        }
        const section = { stdout: out.text, stderr: err.text, exitCode: out.exitCode };
        sections.push(section);
        options.onSection?.(i, section);
      }
    };

    const startedAt = performance.now();
    const end = await exec(connection, {
      command,
      stdin: framed(fragments, nonce, options).pieces(),
      limitMs: options.timeoutSeconds * 1000 + graceMs,
      onOutput(stream, chunk) {
        (stream === 'stdout' ? stdout : stderr).push(chunk);
        hadShell ||= stdout.begun;
        takeSections();
      },
      isComplete: () => stdout.ended && stderr.ended,
    });
    if (end.kind === 'overdue') {
      connection.destroy();
    }
    const failure = scriptFailure(end, {
      host,
      command,
      shell,
      hadShell,
      stdout,
      stderr,
      elapsedMs: performance.now() - startedAt,
      outputLimit: OUTPUT_LIMIT,
      fragments: fragments.length,
    });
    if (failure) {
      signal?.throwIfAborted();
      throw failure;
    }
    return sections;
  };

  return { run, close: () => connection.close() };
}
