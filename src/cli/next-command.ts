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
  /** It removes what nobody names any more, which a run with `--limit` never does. */
  readonly needsWhole: boolean;
}

/** The hosts that a check found drifted in what an apply would change; what it would only list does not count. */
export function dueHosts({ hosts }: RunResult): readonly string[] {
  return [...hosts]
    .filter(
      ([, { outcome, changes }]) =>
        outcome === 'drifted' && changes.some(({ action }) => action !== 'unmanaged'),
    )
    .map(([name]) => name);
}

/**
 * The exact next command to type after a run, or undefined where nothing is left to do. After a check with drift it is
 * the apply; after trouble the same command again, for the hosts in trouble alone where no play was left out.
 */
export function nextCommand(
  command: FleetCommand,
  options: FleetOptions,
  result: RunResult,
): string | undefined {
  const { hosts, stopped } = result;
  const troubled = [...hosts].filter(([, { outcome }]) => !['ok', 'changed', 'drifted'].includes(outcome));
  if (troubled.length > 0) {
    const part = stopped === null && !command.needsWhole && troubled.length < hosts.size;
    const limit = part ? troubled.map(([name]) => name).join(',') : options.limit;
    return commandLine(command, { ...options, ...(limit === undefined ? {} : { limit }) });
  }
  const changing = command.name === 'install' ? 'install' : 'apply';
  return !command.changes && dueHosts(result).length > 0
    ? commandLine({ ...command, name: changing }, options)
    : undefined;
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
