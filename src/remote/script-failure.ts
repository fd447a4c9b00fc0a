import { HostError } from '../core/failure.ts';
import type { ExecEnd } from './exec.ts';
import type { Shell } from './framing.ts';
import type { MarkedStream } from './marked-stream.ts';
import type { Target } from './target.ts';

export interface ScriptContext {
  readonly host: Target;
  /** The command of the exec request. */
  readonly command: string;
  readonly shell: Shell;
  /** This session has shown that there is a shell, now or earlier. */
  readonly hadShell: boolean;
  readonly stdout: MarkedStream;
  readonly stderr: MarkedStream;
  /** From the request to the end. */
  readonly elapsedMs: number;
  readonly outputLimit: number;
  readonly fragments: number;
}

/** What is wrong with a script's end; undefined if it ran to its last mark and the host said 0. */
export function scriptFailure(end: ExecEnd, context: ScriptContext): HostError | undefined {
  const { stdout, stderr } = context;
  switch (end.kind) {
    case 'refused':
      return failure(context, 'shell', `the server refused to run a command: ${end.reason}`, SHELL_HINT);
    case 'lost':
      return failure(
        context,
        'connection-lost',
        `the connection was lost ${where(context)}${end.cause ? `: ${end.cause.message}` : ''}`,
        'what had begun on the host may have gone on or not; the next run starts from what it finds',
      );
    case 'overdue':
      return timeout(context);
    case 'exit':
      if (end.code === 0 && stdout.ended && stderr.ended) {
        return stdout.dropped > 0 ? outputLimit(context) : undefined;
      }
      return exitFailure(end, context);
  }
}

function exitFailure(end: Extract<ExecEnd, { kind: 'exit' }>, context: ScriptContext): HostError {
  const { shell, stdout, elapsedMs } = context;
  const killed = end.signal !== null || end.code === 137;
  if (end.code === TIMED_OUT || (killed && elapsedMs >= shell.timeoutSeconds * 1000)) {
    return timeout(context);
  }
  const how = end.signal === null ? `exit code ${end.code}` : end.signal;
  if (stdout.begun) {
    return failure(
      context,
      'killed',
      `the script did not come to its end (${how}), ${where(context)}`,
      'look for the out-of-memory killer or an administrator in the journal of the host',
      end.code,
    );
  }
  const sudo = shell.sudo ? sudoRefusal(context) : undefined;
  if (sudo) {
    return new HostError('failed', {
      kind: 'become',
      step: 'become',
      ...sudo,
      command: context.command,
      exitCode: end.code,
      stderr: said(context),
    });
  }
  return failure(
    context,
    'shell',
    `the login shell of ${context.host.user} did not run the script (${how})`,
    SHELL_HINT,
    end.code,
  );
}

/** What coreutils' `timeout` exits with when the time has run out (SIGTERM sufficed). */
const TIMED_OUT = 124;

const SHELL_HINT =
  'the login user needs a shell that runs commands (not nologin, no forced command), and timeout and sh in its PATH';

/** What sudo says (`sudo: …`, `Sorry, user …`), read in the C locale. Undefined if sudo is not what failed. */
function sudoRefusal({
  host,
  hadShell,
  stdout,
  stderr,
}: ScriptContext): { message: string; hint: string } | undefined {
  const text = `${stderr.noise}\n${stdout.noise}`;
  const message = (reason: string) => `sudo did not give ${host.user} root's rights: ${reason}`;
  if (/password is required|no password was provided/i.test(text)) {
    return {
      message: message('it asks for a password'),
      hint: `let ${host.user} use sudo without a password (sudoers: ${host.user} ALL=(ALL) NOPASSWD: ALL), or log in as root`,
    };
  }
  if (/you must have a tty/i.test(text)) {
    return {
      message: message('it wants a terminal (requiretty)'),
      hint: `switch it off for this user (sudoers: Defaults:${host.user} !requiretty)`,
    };
  }
  if (/not in the sudoers|not allowed to (?:execute|run)|may not run sudo/i.test(text)) {
    return {
      message: message('no rule allows it'),
      hint: `allow it (sudoers: ${host.user} ALL=(ALL) NOPASSWD: ALL), or log in as root`,
    };
  }
  if (/sudo.*(?:not found|no such file)/i.test(text)) {
    return { message: message('sudo is not installed'), hint: 'install sudo on the host, or log in as root' };
  }
  return hadShell || /\bsudo\b/i.test(text)
    ? { message: message('see what it said'), hint: `try it on the host: sudo -n true, as ${host.user}` }
    : undefined;
}

function timeout(context: ScriptContext): HostError {
  return failure(
    context,
    'timeout',
    `the script was not done within ${context.shell.timeoutSeconds} s, ${where(context)}`,
    'look on the host for what it waits for: a lock, a repository that does not answer, a busy disk',
  );
}

function outputLimit(context: ScriptContext): HostError {
  return failure(
    context,
    'output-limit',
    `the script wrote more than ${context.outputLimit / 1024 / 1024} MiB; what came after that was dropped`,
    'look on the host for a command that writes without end',
    0,
  );
}

function failure(
  context: ScriptContext,
  kind: string,
  message: string,
  hint: string,
  exitCode: number | null = null,
): HostError {
  return new HostError(context.hadShell ? 'failed' : 'unreachable', {
    kind,
    message,
    step: context.hadShell ? 'script' : 'connect',
    command: context.command,
    exitCode,
    stderr: said(context),
    hint,
  });
}

function where({ stdout, fragments }: ScriptContext): string {
  if (!stdout.begun) {
    return 'before the script began';
  }
  return stdout.pieces.length < fragments && !stdout.ended
    ? `in part ${stdout.pieces.length + 1} of ${fragments} of the script`
    : 'at the end of the script';
}

/** The last words of what ran last: stderr, or for want of it what the login shell wrote to stdout. */
function said({ stdout, stderr }: ScriptContext): string | null {
  const text = stderr.begun ? stderr.unfinished : stderr.noise.trim() || stdout.noise;
  return text.trim().slice(-4096).split('\n').slice(-20).join('\n') || null;
}
