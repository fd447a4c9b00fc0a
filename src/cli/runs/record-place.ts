import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** What `--record` and `--no-record` have left: a folder, `none`, or false. */
export interface RecordOptions {
  readonly record?: string | false;
}

/** Whether a run is to be recorded. */
export function isRecorded({ record }: RecordOptions): boolean {
  return record !== false && record !== 'none';
}

/**
 * The folder of run records: the one that was named, else that of the XDG base directory specification, which passes
 * over a relative `XDG_STATE_HOME`.
 */
export function recordFolder(options: RecordOptions, env: NodeJS.ProcessEnv): string {
  const { record } = options;
  if (typeof record === 'string' && isRecorded(options)) {
    return resolve(record);
  }
  return join(stateFolder(env), 'runs');
}

/** Where hookfleet keeps what it has done on this machine. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const named = env.XDG_STATE_HOME ?? '';
  const state = isAbsolute(named) ? named : join(homedir(), '.local', 'state');
  return join(state, 'hookfleet');
}
