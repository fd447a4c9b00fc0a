import { Readable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import type { Connection, ConnectionError } from '../connection.ts';

/** How an exec ended. */
export type ExecEnd =
  /** The host said so; code 0 alone is success. `code` is null if a signal ended it. */
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null }
  /** The connection went away first. */
  | { readonly kind: 'lost'; readonly cause: ConnectionError | undefined }
  /** It was given up with no end in sight. */
  | { readonly kind: 'overdue' }
  /** The server does not do exec, or not one more. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface ExecRequest {
  readonly command: string;
  /** In pieces that are taken as the host takes them; undefined for none. */
  readonly stdin: Iterable<string> | AsyncIterable<string> | undefined;
  /** Aborted when the end is no longer waited for. */
  readonly giveUp: AbortSignal;
  /** Called with each chunk; both streams are read to their end in any case. */
  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** Whether all output that matters has come. */
  isComplete(): boolean;
}

/** What runs commands on a host: a login over SSH, or this machine itself. */
export interface Executor {
  exec(request: ExecRequest): Promise<ExecEnd>;
  /** Ends it in order. */
  close(): void;
  /** Ends it at once. */
  destroy(): void;
  /** Calls the listener once it has ended, whoever ended it. */
  onceClosed(listener: () => void): void;
}

/** What runs commands over a login. */
export function sshExecutor(connection: Connection): Executor {
  return {
    exec: request => exec(connection, request),
    close: () => connection.close(),
    destroy: () => connection.destroy(),
    onceClosed: listener => void connection.client.once('close', listener),
  };
}

/**
 * Runs one command. It is over when the host has given the exit code 0 and the output is complete, or else when the
 * channel closes: the exit code comes before the last output, and a process left behind can hold the channel for long.
 *
 * Rejects only with what `onOutput` throws. The channel is closed at the end in any case.
 */
export function exec(connection: Connection, request: ExecRequest): Promise<ExecEnd> {
  return new Promise((resolve, reject) => {
    let channel: ClientChannel | undefined;
    let settled = false;
    const settle = (finish: () => void) => {
      if (!settled) {
        settled = true;
        request.giveUp.removeEventListener('abort', overdue);
        channel?.close();
        finish();
      }
    };
    const end = (how: ExecEnd) => settle(() => resolve(how));
    const lost = () => end({ kind: 'lost', cause: connection.cause });
    const overdue = () => end({ kind: 'overdue' });
    request.giveUp.addEventListener('abort', overdue);

    const attach = (opened: ClientChannel) => {
      channel = opened;
      let exitCode: number | null | undefined;
      const endIfComplete = () => {
        if (exitCode === 0 && request.isComplete()) {
          end({ kind: 'exit', code: 0, signal: null });
        }
      };
      for (const [name, stream] of [
        ['stdout', opened],
        ['stderr', opened.stderr],
      ] as const) {
        stream.on('error', ignore);
        stream.on('data', (chunk: Buffer) => {
          if (settled) {
            return;
          }
          try {
            request.onOutput(name, chunk);
          } catch (error) {
            settle(() => reject(error));
          }
          endIfComplete();
        });
      }
      opened.on('exit', (code: number | null) => {
        exitCode = code;
        endIfComplete();
      });
      opened.on('close', (code: number | null | undefined, signal?: string) =>
        code === undefined ? lost() : end({ kind: 'exit', code, signal: signal ?? null }),
      );
      // Not awaited: if the command ends without reading it all, ssh2 never calls back.
      if (request.stdin === undefined) {
        opened.end();
      } else {
        Readable.from(request.stdin).pipe(opened);
      }
    };

    try {
      connection.client.exec(request.command, (error, opened) => {
        if (settled) {
          opened?.on('error', ignore).close();
        } else if (!error) {
          attach(opened);
        } else if (connection.closed) {
          lost();
        } else {
          end({ kind: 'refused', reason: error.message });
        }
      });
    } catch {
      lost();
    }
  });
}

/** A channel's own errors always come with its `close`, which decides. */
function ignore(): void {}
