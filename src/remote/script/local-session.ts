import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import type { Host } from '../../core/host.ts';
import { LOCAL_PROCESS } from '../../core/local-process.ts';
import { plainTarget } from '../target.ts';
import { thisUser } from '../this-user.ts';
import type { ExecEnd, ExecRequest, Executor } from './exec.ts';
import { openSession, type Session } from './session.ts';

export interface LocalOptions {
  /** How long after a script's own time limit this machine is given up, in milliseconds; 15 s by default. */
  readonly graceMs?: number;
  /** How long the first shell may take, and then sudo, in milliseconds; 45 s by default. */
  readonly shellMs?: number;
  /** Stops the session when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A session on this machine itself, for a host with `ansible_connection=local`: the same scripts as over SSH, as the user
 * who runs hookfleet, and with sudo where root's rights are wanted.
 */
export function openLocalSession(host: Host, options: LocalOptions = {}): Session {
  const { graceMs = 15_000, shellMs = 45_000, signal } = options;
  const target = plainTarget({ ...host, user: thisUser().name });
  return openSession(localExecutor(), target, { graceMs, shellMs, signal });
}

/** What is still running when it is closed loses its listener, and ends at its next mark: as over SSH. */
function localExecutor(): Executor {
  const running = new Map<ChildProcess, (how: ExecEnd) => void>();
  const listeners: (() => void)[] = [];
  const close = () => {
    for (const end of [...running.values()]) {
      end({ kind: 'lost', cause: undefined });
    }
    for (const listener of listeners.splice(0)) {
      listener();
    }
  };
  return {
    exec: request => runHere(request, running),
    close,
    destroy: close,
    onceClosed: one => void listeners.push(one),
  };
}

/** Rejects only with what `onOutput` throws. */
function runHere(request: ExecRequest, running: Map<ChildProcess, (how: ExecEnd) => void>): Promise<ExecEnd> {
  return new Promise((resolve, reject) => {
    // A session of its own: an interrupt typed on this terminal is hookfleet's alone, and sudo finds no terminal.
    const child = spawn('/bin/sh', ['-c', request.command], {
      detached: true,
      stdio: 'pipe',
      cwd: '/',
      env: { ...process.env, [LOCAL_PROCESS]: String(process.pid) },
    });
    const settle = (finish: () => void) => {
      if (running.delete(child)) {
        request.giveUp.removeEventListener('abort', overdue);
        for (const stream of [child.stdin, child.stdout, child.stderr]) {
          stream.destroy();
        }
        child.unref();
        finish();
      }
    };
    const end = (how: ExecEnd) => settle(() => resolve(how));
    const overdue = () => end({ kind: 'overdue' });
    running.set(child, end);
    request.giveUp.addEventListener('abort', overdue);

    let exitCode: number | null | undefined;
    const endIfComplete = () => {
      if (exitCode === 0 && request.isComplete()) {
        end({ kind: 'exit', code: 0, signal: null });
      }
    };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        try {
          request.onOutput(name, chunk);
        } catch (error) {
          settle(() => reject(error));
        }
        endIfComplete();
      });
    }
    child.on('exit', code => {
      exitCode = code;
      endIfComplete();
    });
    child.on('close', (code, signal) => end({ kind: 'exit', code, signal }));
    child.on('error', error => end({ kind: 'refused', reason: error.message }));
    // A command that ends without reading it all tells so by its exit.
    child.stdin.on('error', () => {});
    Readable.from(request.stdin ?? []).pipe(child.stdin);
  });
}
