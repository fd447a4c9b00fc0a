import type { Section } from '../../core/section.ts';
import type { Sh } from '../../core/sh.ts';
import type { Target } from '../target.ts';
import type { Executor } from './exec.ts';
import type { ScriptOptions } from './framing.ts';
import { type RunningScript, runScript, type ScriptLimits } from './run-script.ts';
import { stopScript } from './stop-script.ts';

/** A login on one host. */
export interface Session {
  /**
   * Runs the fragments, in order, as one script in one exec. Fragments find what `Resource` promises them; each has
   * its own subshell and its own section, whatever a login shell prints around them. Any exit code of a fragment is
   * an answer, not an error.
   *
   * @returns a section for each fragment that ran; fewer than fragments only with `stopAtFailure`.
   * @throws {HostError} kinds `become`, `shell`, `missing-program`, `process-limit`, `timeout`, `killed`,
   * `connection-lost`, `output-limit`; `unreachable` if this session had no shell yet, else `failed`. If the signal ended
   * the session: the signal's reason.
   */
  run(fragments: readonly Sh[], options: RunOptions): Promise<readonly Section[]>;
  /**
   * Ends what is running on the host, with all that it has started, and then the session. Takes 10 s at most: whatever
   * has not ended by then ends at its next mark.
   */
  stop(): Promise<void>;
  /**
   * Ends the session; safe at any time, and more than once. A script that is still running is not waited for: it goes
   * on to the end of the fragment that it is in.
   */
  close(): void;
}

export interface RunOptions extends ScriptOptions {
  /** Take root's rights with `sudo`; nothing to do where the login user is root. */
  readonly become: boolean;
  /** The host itself ends the script after so many seconds, a whole number of at least 1. */
  readonly timeoutSeconds: number;
  /** Called in order, each as soon as it is complete; also when the script fails later. */
  onSection?(index: number, section: Section): void;
  /** Called with the last line that a fragment has printed so far, while it runs. */
  onLine?(index: number, line: string): void;
}

export interface SessionOptions extends ScriptLimits {
  /** Stops the session when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** For the end of what runs on the host, before the connection is closed in any case. */
const STOP_MS = 10_000;

/** Makes a session of what runs commands on a host: after a login that has succeeded. */
export function openSession(executor: Executor, host: Target, options: SessionOptions): Session {
  const { signal } = options;
  const running = new Set<RunningScript>();
  const state = { hadShell: false };
  let stopping: Promise<void> | undefined;

  const run = async (fragments: readonly Sh[], runOptions: RunOptions): Promise<readonly Section[]> => {
    signal?.throwIfAborted();
    const script = runScript(executor, host, fragments, runOptions, options, state);
    running.add(script);
    try {
      return await script.sections;
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    } finally {
      running.delete(script);
    }
  };

  const stopAll = async () => {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>(resolve => {
      timer = setTimeout(resolve, STOP_MS);
    });
    const ends = [...running].map(script =>
      stopScript(script, (fragment, become) =>
        runScript(executor, host, [fragment], { ...STOPPING, become }, options, state),
      ),
    );
    await Promise.race([Promise.all(ends), enough]);
    clearTimeout(timer);
    executor.close();
  };
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };

  const onAbort = () => void stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  executor.onceClosed(() => signal?.removeEventListener('abort', onAbort));
  return { run, stop, close: () => executor.close() };
}

const STOPPING = { stopAtFailure: false, timeoutSeconds: STOP_MS / 1000 } as const;
