import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Keeps what is wrong with the own output (a reader that went away, a full disk) from being the end of the work on the
 * hosts.
 *
 * @returns a function that tells, once all is written, why stdout is not whole; undefined where it is, or where its
 * reader did not want more (`| head`).
 */
export function outliveOutput(): () => Promise<Error | undefined> {
  let trouble: Error | undefined;
  process.stdout.on('error', error => {
    if (!isSystemError(error)) {
      throw error;
    }
    if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(error.code)) {
      trouble ??= error;
    }
  });
  process.stderr.on('error', error => {
    if (!isSystemError(error)) {
      throw error;
    }
  });
  return async () => {
    // An error of the last write is told after the code that made it.
    await nextTurn();
    return trouble;
  };
}

function isSystemError(error: Error): error is Error & { readonly code: string } {
  return 'code' in error && typeof error.code === 'string';
}
