import { HostError } from '../../core/failure.ts';
import type { FailureKind } from '../../core/failure-kinds.ts';
import { REDACTED } from '../../core/secret.ts';
import type { Target } from '../target.ts';
import type { ExecEnd } from './exec.ts';
import type { Shell } from './exec-command.ts';
import type { MarkedStream } from './marked-stream.ts';
import type { Waited } from './patience.ts';
import { shellTrouble } from './shell-trouble.ts';
import { type SudoTrouble, sudoRefusal, sudoSilent } from './sudo-refusal.ts';

export interface ScriptContext {
  readonly host: Target;
  /** What was run, for people. */
  readonly command: string;
  readonly shell: Shell;
  /** This session has shown that there is a shell, now or earlier. */
  readonly hadShell: boolean;
  readonly stdout: MarkedStream;
  readonly stderr: MarkedStream;
  /** What was waited for in vain. */
  readonly ranOut: Waited | undefined;
  /** How long a shell or sudo may take to begin. */
  readonly shellMs: number;
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
      return failure(context, 'shell', `the server refused to run a command: ${end.reason}`, REFUSED_HINT);
    case 'lost':
      return failure(
        context,
        'connection-lost',
        `the connection was lost ${where(context)}${end.cause ? `: ${end.cause.message}` : ''}`,
        'what had begun on the host may have gone on or not; the next run starts from what it finds',
      );
    case 'overdue':
      return overdue(context);
    case 'exit':
      if (end.code === 0 && stdout.ended && stderr.ended) {
        return stdout.dropped > 0 ? outputLimit(context) : undefined;
      }
      return stdout.begun ? endedEarly(end, context) : notBegun(end, context);
  }
}

const REFUSED_HINT =
  'sshd cannot start a process (ulimit -u, TasksMax) or is told not to (MaxSessions): its log on the host tells';

type Exit = Extract<ExecEnd, { kind: 'exit' }>;

function endedEarly(end: Exit, context: ScriptContext): HostError {
  const { shell, stderr, elapsedMs } = context;
  const killed = end.signal !== null || end.code === KILLED;
  if (end.code === TIMED_OUT || (killed && elapsedMs >= shell.timeoutSeconds * 1000)) {
    return timeout(context);
  }
  const known = shellTrouble(context.host.user, stderr.unfinished);
  if (known?.kind === 'process-limit') {
    return failure(context, known.kind, `${known.message}, ${where(context)}`, known.hint, end.code);
  }
  return failure(
    context,
    'killed',
    `the script did not come to its end (${howEnded(end)}), ${where(context)}`,
    'look for the out-of-memory killer or an administrator in the journal of the host',
    end.code,
  );
}

function notBegun(end: Exit, context: ScriptContext): HostError {
  const { host, shell, stdout, stderr } = context;
  const said = heard(context);
  if (shell.sudo && stdout.hasShell && !stdout.hasRoot) {
    const known = shellTrouble(host.user, said);
    return known?.kind === 'process-limit'
      ? failure(context, known.kind, known.message, known.hint, end.code)
      : become(context, sudoRefusal(host.user, said, askedAgain(stderr)), end.code);
  }
  const known = shellTrouble(host.user, said);
  if (known) {
    return failure(context, known.kind, known.message, known.hint, end.code);
  }
  return failure(
    context,
    'shell',
    `the login shell of ${host.user} did not run the script (${howEnded(end)})`,
    'the login user needs a shell that runs commands (not nologin, no ForceCommand), and timeout and sh in its PATH',
    end.code,
  );
}

/** What coreutils' `timeout` exits with when the time has run out (SIGTERM sufficed), and a shell of what SIGKILL ended. */
const TIMED_OUT = 124;
const KILLED = 137;

/** Whether sudo did not take the first password. */
export function askedAgain(stderr: MarkedStream): boolean {
  return stderr.prompts > 1 || /sorry, try again|incorrect password attempt/i.test(stderr.noise);
}

/** All that was said before the script began; PAM's own words come on stdout. */
function heard({ stdout, stderr }: ScriptContext): string {
  return `${stderr.noise}\n${stdout.noise}`;
}

function overdue(context: ScriptContext): HostError {
  const { host, ranOut, shellMs, stdout, stderr } = context;
  const seconds = shellMs / 1000;
  if (ranOut === 'sudo') {
    return become(context, sudoSilent(host.user, heard(context), askedAgain(stderr), seconds), null);
  }
  if (ranOut === 'shell') {
    return failure(
      context,
      'timeout',
      `the login shell of ${host.user} did not come to the script within ${seconds} s`,
      stdout.noise === '' && stderr.noise === ''
        ? 'something in its start-up files waits: a home folder that does not answer, a question'
        : 'its start-up files print or ask something and do not end',
    );
  }
  return timeout(context);
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

function become(context: ScriptContext, trouble: SudoTrouble, exitCode: number | null): HostError {
  return new HostError('failed', {
    kind: 'become',
    step: 'become',
    ...trouble,
    command: context.command,
    exitCode,
    stderr: said(context),
  });
}

function failure(
  context: ScriptContext,
  kind: FailureKind,
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

function howEnded({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : signal;
}

function where({ stdout, fragments }: ScriptContext): string {
  if (!stdout.begun) {
    return 'before the script began';
  }
  return stdout.pieces.length < fragments && !stdout.ended
    ? `in part ${stdout.pieces.length + 1} of ${fragments} of the script`
    : 'at the end of the script';
}

/**
 * The last words of what ran last: stderr, or for want of it what the login shell wrote to stdout. A shell that repeats
 * what it reads may have shown the password.
 */
function said({ stdout, stderr, shell }: ScriptContext): string | null {
  const text = stderr.begun ? stderr.unfinished : stderr.noise.trim() || stdout.noise;
  const password = shell.password?.reveal() ?? '';
  const safe = password === '' ? text : text.replaceAll(password, REDACTED);
  return safe.trim().slice(-4096).split('\n').slice(-20).join('\n') || null;
}
