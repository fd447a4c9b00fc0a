import { type ChildProcess, spawn } from 'node:child_process';
import type { ServerChannel } from 'ssh2';

// What coreutils' `timeout` exits with, and how long it waits between SIGTERM and SIGKILL as hookfleet calls it.
const TIMED_OUT = 124;
const KILL_AFTER_MS = 5000;

/**
 * Runs a script under this machine's own `sh`, its output to an SSH channel, and ends it after its time limit, as the
 * `timeout` in hookfleet's command does on a real host. Settles when the shell has gone.
 *
 * @param running has the script's process as long as it runs; it leads a process group of its own.
 */
export function runScript(
  script: string,
  limitSeconds: number,
  channel: ServerChannel,
  running: Set<ChildProcess>,
): Promise<void> {
  // Of this process's own environment the script would see what no host has.
  const shell = spawn('/bin/sh', ['-s'], { cwd: '/', env: {}, detached: true });
  running.add(shell);
  let late = false;
  const timers = [
    setTimeout(() => {
      late = true;
      endGroup(shell, 'SIGTERM');
      timers.push(setTimeout(() => endGroup(shell, 'SIGKILL'), KILL_AFTER_MS));
    }, limitSeconds * 1000),
  ];
  shell.stdin.on('error', () => {});
  shell.stdin.end(script);
  shell.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
  shell.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
  channel.once('close', () => {
    shell.stdout.destroy();
    shell.stderr.destroy();
  });
  return new Promise(resolve => {
    shell.once('error', () => channel.exit(127));
    shell.once('exit', (code, signal) => {
      if (late || code !== null) {
        channel.exit(late ? TIMED_OUT : (code ?? 1));
      } else {
        channel.exit(String(signal).replace('SIG', ''));
      }
    });
    shell.once('close', () => {
      timers.forEach(clearTimeout);
      running.delete(shell);
      channel.end();
      resolve();
    });
  });
}

/** Signals a script and all that it has started. */
export function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) {
      process.kill(-pid, signal);
    }
  } catch {
    // It has gone by itself.
  }
}
