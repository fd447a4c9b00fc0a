import type { RunResult } from '../core/host-result.ts';
import { sh } from '../core/sh.ts';
import type { FleetOptions } from './options.ts';

/** A command that works on the fleet, as the user called it. */
export interface FleetCommand {
  readonly name: 'apply' | 'check' | 'install';
  /** Its own words: the playbook, the hooks. */
  readonly words: readonly string[];
  /** Whether it changes hosts, and so asks first. */
  readonly changes: boolean;
}

/**
 * The exact next command to type after a run, or undefined where nothing is left to do. After a check with drift it is
 * the apply; after trouble the same command again, for the hosts in trouble alone where no play was left out.
 */
export function nextCommand(
  command: FleetCommand,
  options: FleetOptions,
  { hosts, stopped }: RunResult,
): string | undefined {
  const troubled = [...hosts].filter(([, { outcome }]) => !['ok', 'changed', 'drifted'].includes(outcome));
  const drifted = [...hosts.values()].some(
    ({ outcome, changes }) => outcome === 'drifted' && changes.some(({ action }) => action !== 'unmanaged'),
  );
  if (troubled.length > 0) {
    const part = stopped === null && troubled.length < hosts.size;
    const limit = part ? troubled.map(([name]) => name).join(',') : options.limit;
    return commandLine(command, { ...options, ...(limit === undefined ? {} : { limit }) });
  }
  const changing = command.name === 'install' ? 'install' : 'apply';
  return !command.changes && drifted ? commandLine({ ...command, name: changing }, options) : undefined;
}

function commandLine({ name, words }: FleetCommand, options: FleetOptions): string {
  const { inventory, limit, forks, user, privateKey, become, hosts, engine, dnfLockWait, knownHosts } =
    options;
  const line = [
    'hookfleet',
    name,
    ...words,
    ...inventory.flatMap(file => ['-i', file]),
    ...(hosts === undefined ? [] : ['--hosts', hosts]),
    ...(engine === undefined ? [] : engine === false ? ['--no-engine'] : ['--engine', engine]),
    ...(limit === undefined ? [] : ['-l', limit]),
    ...(forks === undefined ? [] : ['-f', String(forks)]),
    ...(user === undefined ? [] : ['-u', user]),
    ...(privateKey === undefined ? [] : ['--private-key', privateKey]),
    ...(knownHosts === undefined ? [] : ['--known-hosts', knownHosts]),
    ...(become ? ['-b'] : []),
    ...(dnfLockWait === undefined ? [] : ['--dnf-lock-wait', String(dnfLockWait)]),
  ];
  return sh`${line}`.text;
}
