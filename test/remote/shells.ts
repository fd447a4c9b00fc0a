import { type SpawnSyncReturns, spawnSync } from 'node:child_process';

/** The POSIX shells that hosts have as `sh`, as far as this machine has them. */
export const SHELLS: readonly (readonly string[])[] = [
  ['dash'],
  ['bash', '--posix'],
  ['busybox', 'sh'],
].filter(([program = '', ...args]) => spawnSync(program, [...args, '-c', ':']).status === 0);

/** Gives a script to `sh -s`, as a host gets it. */
export function feed(
  script: string | Buffer,
  [program = 'sh', ...args]: readonly string[],
): SpawnSyncReturns<Buffer> {
  return spawnSync(program, [...args, '-s'], {
    input: script,
    env: { PATH: '/usr/bin:/bin' },
    maxBuffer: 64 * 1024 * 1024,
  });
}
