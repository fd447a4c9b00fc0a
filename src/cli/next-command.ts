import type { RunResult } from '../core/host-result.ts';
import { sh } from '../core/sh.ts';
import type { FleetOptions } from './options.ts';

/**
 * The exact next command to type after a run, or undefined where nothing is left to do. After a check with drift it is
 * the apply; after trouble the same command again, for the hosts in trouble alone where no play was left out.
 */
export function nextCommand(
  command: 'apply' | 'check',
  playbook: string,
  options: FleetOptions,
  { hosts, stopped }: RunResult,
): string | undefined {
  const troubled = [...hosts].filter(([, { outcome }]) => !['ok', 'changed', 'drifted'].includes(outcome));
  const drifted = [...hosts.values()].some(
    ({ outcome, changes }) => outcome === 'drifted' && changes.some(({ action }) => action !== 'unmanaged'),
  );
  if (troubled.length > 0) {
    const limit =
      stopped === null && troubled.length < hosts.size ? troubled.map(([name]) => name).join(',') : undefined;
    return commandLine(command, playbook, { ...options, ...(limit === undefined ? {} : { limit }) });
  }
  return command === 'check' && drifted ? commandLine('apply', playbook, options) : undefined;
}

function commandLine(command: string, playbook: string, options: FleetOptions): string {
  const { inventory, limit, forks, user, privateKey, become } = options;
  const words = [
    'hookfleet',
    command,
    playbook,
    ...inventory.flatMap(file => ['-i', file]),
    ...(limit === undefined ? [] : ['-l', limit]),
    ...(forks === undefined ? [] : ['-f', String(forks)]),
    ...(user === undefined ? [] : ['-u', user]),
    ...(privateKey === undefined ? [] : ['--private-key', privateKey]),
    ...(become ? ['-b'] : []),
  ];
  return sh`${words}`.text;
}
