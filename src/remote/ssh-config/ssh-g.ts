import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What ssh says of a host: keyword in lower case to its values. */
export type Answer = ReadonlyMap<string, readonly string[]>;

export type Asked =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** There is no ssh on this machine. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'late' };

/**
 * Asks the ssh of this machine what it would do (`ssh -G`). It has no terminal and no input, so that nothing that a
 * `Match exec` runs can ask for anything; after the time limit it is killed with all that it has started.
 *
 * @param args what follows `-G`.
 * @param config the text of the file that `-F /dev/stdin` among the arguments stands for.
 */
export function askSsh(args: readonly string[], limitMs: number, config?: string): Promise<Asked> {
  const stdin = config === undefined ? 'ignore' : openNameless(config);
  const { SSH_ASKPASS: _, DISPLAY: __, ...env } = process.env;
  const child = spawn('ssh', ['-G', ...args], {
    stdio: [stdin, 'pipe', 'pipe'],
    detached: true,
    env: { ...env, LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' },
  });
  if (typeof stdin === 'number') {
    closeSync(stdin);
  }
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise(resolve => {
    const finish = (asked: Asked) => {
      clearTimeout(timer);
      resolve(asked);
    };
    const timer = setTimeout(() => {
      finish({ kind: 'late' });
      killGroup(child.pid);
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, limitMs);
    child.once('error', ({ message, code }: NodeJS.ErrnoException) =>
      finish(code === 'ENOENT' ? { kind: 'missing' } : { kind: 'refused', reason: message }),
    );
    child.once('close', code =>
      finish(
        code === 0
          ? { kind: 'answer', answer: parseAnswer(stdout) }
          : { kind: 'refused', reason: lineOf(stderr) || `ssh -G ended with exit code ${code}` },
      ),
    );
  });
}

/** What ssh said, in one line: it ends its lines as on a terminal. */
function lineOf(stderr: string): string {
  return stderr
    .trim()
    .split(/\s*\n\s*/)
    .join('; ');
}

/** The lines of `ssh -G`. */
function parseAnswer(text: string): Answer {
  const answer = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (keyword !== undefined && value !== undefined) {
      const values = MANY_IN_A_LINE.has(keyword) ? value.split(' ') : [value];
      answer.set(keyword, [...(answer.get(keyword) ?? []), ...values]);
    }
  }
  return answer;
}

const MANY_IN_A_LINE: ReadonlySet<string> = new Set(['userknownhostsfile', 'globalknownhostsfile']);

/** A file that nobody else sees and that goes with the last process that has it. ssh may read it more than once. */
function openNameless(text: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-ssh-'));
  try {
    const file = join(folder, 'config');
    writeFileSync(file, text, { mode: 0o600 });
    return openSync(file, 'r');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function killGroup(pid: number | undefined): void {
  if (pid !== undefined) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
