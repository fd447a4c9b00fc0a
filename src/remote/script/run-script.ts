import type { Section } from '../../core/section.ts';
import type { Sh } from '../../core/sh.ts';
import type { Target } from '../target.ts';
import type { Executor } from './exec.ts';
import { planExec, type Shell } from './exec-command.ts';
import { framed, newNonce } from './framing.ts';
import { MarkedStream } from './marked-stream.ts';
import { startPatience } from './patience.ts';
import { askedAgain, scriptFailure } from './script-failure.ts';
import type { RunOptions } from './session.ts';
import type { SudoAnswer } from './sudo.ts';

/** How long a session waits for a host, in milliseconds. */
export interface ScriptLimits {
  /** How long after `timeoutSeconds` a host that has not ended the script is given up. */
  readonly graceMs: number;
  /** How long a login shell may take until it runs something, and then sudo. */
  readonly shellMs: number;
}

/** A script on its way. */
export interface RunningScript {
  readonly sections: Promise<readonly Section[]>;
  readonly become: boolean;
  /** In the arguments of the process that holds it on the host. */
  readonly nonce: string;
  /** That process, once it is known; undefined if the script ended without one. */
  readonly pid: Promise<number | undefined>;
}

/** How many bytes are kept of each of stdout and stderr of one exec; more are read and dropped. */
const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** Starts one script in one exec. `state` is the session's: whether it had a shell. */
export function runScript(
  executor: Executor,
  host: Target,
  fragments: readonly Sh[],
  options: RunOptions,
  limits: ScriptLimits,
  state: { hadShell: boolean },
): RunningScript {
  const nonce = newNonce();
  const pid = deferred<number | undefined>();
  const sections = run().finally(() => pid.resolve(undefined));
  return { sections, become: options.become, nonce, pid: pid.promise };

  async function run(): Promise<readonly Section[]> {
    const shell: Shell = {
      sudo: options.become && host.user !== 'root',
      password: host.becomePassword,
      timeoutSeconds: options.timeoutSeconds,
    };
    const plan = planExec(framed(fragments, nonce, options), nonce, shell);
    const stdout = new MarkedStream(nonce, OUTPUT_LIMIT);
    const stderr = new MarkedStream(nonce, OUTPUT_LIMIT);
    const sections: Section[] = [];
    const sudo = deferred<SudoAnswer>();

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

    const patience = startPatience({
      shellMs: limits.shellMs,
      scriptMs: options.timeoutSeconds * 1000 + limits.graceMs,
      sudo: shell.sudo,
    });
    const startedAt = performance.now();
    const takeMarks = () => {
      state.hadShell ||= stdout.hasShell;
      patience.reached({ shell: stdout.hasShell, root: stdout.hasRoot });
      if (stdout.hasRoot) {
        sudo.resolve('root');
      } else if (shell.sudo && askedAgain(stderr)) {
        sudo.resolve('refused');
      }
      if (stdout.pid !== undefined) {
        pid.resolve(stdout.pid);
      }
    };
    const end = await executor
      .exec({
        command: plan.command,
        stdin: plan.stdin(sudo.promise),
        giveUp: patience.signal,
        onOutput(stream, chunk) {
          (stream === 'stdout' ? stdout : stderr).push(chunk);
          takeMarks();
          takeSections();
          const line = options.onLine && stdout.lastLine;
          if (line !== undefined) {
            options.onLine?.(sections.length, line);
          }
        },
        isComplete: () => stdout.ended && stderr.ended,
      })
      .finally(() => {
        patience.dispose();
        sudo.resolve('ended');
      });
    if (end.kind === 'overdue') {
      executor.destroy();
    }
    const failure = scriptFailure(end, {
      host,
      command: plan.shown,
      shell,
      hadShell: state.hadShell,
      stdout,
      stderr,
      ranOut: patience.ranOut,
      shellMs: limits.shellMs,
      elapsedMs: performance.now() - startedAt,
      outputLimit: OUTPUT_LIMIT,
      fragments: fragments.length,
    });
    if (failure) {
      throw failure;
    }
    return sections;
  }
}

/** A promise to be settled from outside; what settles it first counts. */
function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>(settle => {
    resolve = settle;
  });
  return { promise, resolve: value => resolve(value) };
}
