import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { endLeftovers } from './processes.ts';

/** One call of a script. */
export interface ScriptCall {
  /** Absolute. */
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Undefined for an empty one. */
  readonly stdin: string | undefined;
  /** Stands in the environment too; see {@link endLeftovers}. */
  readonly folder: string;
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
}

/** How a script has ended. */
export interface Ran {
  /** Undefined where it did not end by itself. */
  readonly status: number | undefined;
  readonly endedBy: NodeJS.Signals | undefined;
  readonly stdout: string;
  /** At most its last 64 Ki characters. */
  readonly stderr: string;
  readonly ms: number;
  /**
   * `hung`: it ran at the time limit. `held`: it had ended, and what it left behind had its stdout or stderr open.
   * `flooded`: it printed more than is kept. `refused`: it cannot be executed.
   */
  readonly ending: 'ended' | 'hung' | 'held' | 'flooded' | 'refused' | 'interrupted';
  /** How long its stdout or stderr were held open after its end. */
  readonly heldMs: number;
  /** The command lines of what it left running, and was ended then. */
  readonly left: readonly string[];
}

/** In bytes, of stdout. Whoever runs hooks keeps all of it in memory. */
export const MOST_OUTPUT = 16 * 1024 * 1024;
const MOST_STDERR = 64 * 1024;

/** How long is waited for the ends of pipes whose holders were killed. */
const DRAIN_MS = 1000;

/**
 * Runs a script to its end as the user who runs this: in `/`, with umask 0022, in a process group of its own, of which
 * nothing is left afterwards. Both outputs are read to their ends, as VDSM and libvirt do.
 */
export function runScript(call: ScriptCall): Promise<Ran> {
  try {
    return whole(call, start(call));
  } catch (error) {
    // Node throws some of the errors of exec (ETXTBSY, E2BIG), and emits the others.
    return Promise.resolve({
      ...{ status: 126, endedBy: undefined, stdout: '', stderr: `${execTrouble(codeOf(error))}\n` },
      ...{ ms: 0, ending: 'refused', heldMs: 0, left: [] },
    });
  }
}

function whole(call: ScriptCall, child: ChildProcessWithoutNullStreams): Promise<Ran> {
  const began = performance.now();
  return new Promise(resolve => {
    const { pid } = child;
    const out: Buffer[] = [];
    let length = 0;
    let stderr = '';
    let ended: { status: number | undefined; endedBy: NodeJS.Signals | undefined; at: number } | undefined;
    let ending: Ran['ending'] = 'ended';
    let left: readonly string[] = [];

    const finish = async () => {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', onAbort);
      const ms = performance.now() - began;
      const last = pid === undefined ? [] : await endLeftovers(pid, call.folder);
      resolve({
        status: ended?.status,
        endedBy: ended?.endedBy,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr,
        ms: Math.round(ms),
        ending,
        heldMs: ended === undefined ? 0 : Math.round(Math.max(0, began + ms - ended.at)),
        left: [...new Set([...left, ...last])],
      });
    };
    const giveUp = async (why: Ran['ending']) => {
      if (ending !== 'ended' || pid === undefined) {
        return;
      }
      ending = why;
      const running = await endLeftovers(pid, call.folder);
      left = why === 'held' ? running : [];
      // Who has cleared its environment and left the group may hold the pipes still.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, DRAIN_MS).unref();
    };
    const onAbort = () => void giveUp('interrupted');
    const timer = setTimeout(() => void giveUp(ended ? 'held' : 'hung'), call.timeLimitMs);
    call.signal.addEventListener('abort', onAbort);
    if (call.signal.aborted) {
      onAbort();
    }

    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MOST_OUTPUT) {
        out.push(chunk);
      } else {
        void giveUp('flooded');
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MOST_STDERR);
    });
    // It need not read its stdin.
    child.stdin.on('error', () => {});
    child.stdin.end(call.stdin ?? '');
    child.once('exit', (status, endedBy) => {
      ended = { status: status ?? undefined, endedBy: endedBy ?? undefined, at: performance.now() };
    });
    child.once('error', error => {
      const code = codeOf(error);
      ending = 'refused';
      ended = { status: code === 'ENOENT' ? 127 : 126, endedBy: undefined, at: performance.now() };
      stderr = `${execTrouble(code)}\n`;
    });
    child.once('close', () => void finish());
  });
}

function start({ path, args, env }: ScriptCall): ChildProcessWithoutNullStreams {
  const before = process.umask(0o022);
  try {
    return spawn(path, args, { cwd: '/', env, detached: true });
  } finally {
    process.umask(before);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** taskset and libvirt give these the status 127 (no such file) and 126 (all others), as shells do. */
function execTrouble(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'No such file or directory: the interpreter of its #! line is not there';
    case 'EACCES':
      return 'Permission denied: the file, or the interpreter of its #! line, may not be executed';
    case 'ETXTBSY':
      return 'Text file busy: somebody has it open for writing';
    default:
      return `It cannot be executed: ${code}`;
  }
}
