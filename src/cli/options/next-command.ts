import type { HostResult, RunResult } from '../../core/host-result.ts';
import { OUTCOMES } from '../../core/outcome.ts';
import { sh } from '../../core/sh.ts';
import type { FleetOptions } from './options.ts';

/** A command that works on the fleet, as the user called it. */
export interface FleetCommand {
  readonly name: 'apply' | 'check' | 'install' | 'remove' | 'trust' | 'engine';
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
 *
 * @param recorded the id of the run's record, which stands for its hosts where they are many.
 */
export function nextCommand(
  command: FleetCommand,
  options: FleetOptions,
  result: RunResult,
  recorded?: string,
): string | undefined {
  const { hosts, stopped } = result;
  const troubled = [...hosts].filter(([, { outcome }]) => !['ok', 'changed', 'drifted'].includes(outcome));
  if (troubled.length > 0) {
    const part = stopped === null && !command.needsWhole && troubled.length < hosts.size;
    return commandLine(command, part ? onlyThese(command, troubled, options, recorded) : options);
  }
  const changing = command.name === 'check' ? 'apply' : command.name;
  return !command.changes && dueHosts(result).length > 0
    ? commandLine({ ...command, name: changing }, options)
    : undefined;
}

// More names are hard to look over.
const MOST_NAMES = 10;

function onlyThese(
  { name: command }: FleetCommand,
  hosts: readonly (readonly [string, HostResult])[],
  { limit: _, rerun: __, ...options }: FleetOptions,
  recorded: string | undefined,
): FleetOptions {
  // A command about engines alone has no --limit.
  if (command === 'engine') {
    return { ...options, engine: hosts.map(([name]) => name).join(',') };
  }
  const outcomes = new Set(hosts.map(([, { outcome }]) => outcome));
  return recorded === undefined || hosts.length <= MOST_NAMES
    ? { ...options, limit: hosts.map(([name]) => name).join(',') }
    : { ...options, rerun: `${OUTCOMES.filter(one => outcomes.has(one)).join(',')}:${recorded}` };
}

/** A command as it can be typed, quoted for the shell, with the options that say what it works on and how. */
export function commandLine(
  { name, words }: Pick<FleetCommand, 'name' | 'words'>,
  options: FleetOptions,
): string {
  const {
    inventory,
    vaultPasswordFile = [],
    vaultId = [],
    askVaultPass,
    limit,
    rerun,
    record,
    forks,
    user,
    privateKey,
    become,
    hosts,
    engine,
    dnfLockWait,
    scriptTimeout,
    transactionTimeout,
    lockWait,
    knownHosts,
    askPass,
    connectionPasswordFile,
    keyPassphraseFile,
    askBecomePass,
    becomePasswordFile,
    hostKeyChecking,
    jump,
    sshConfig,
    sshAlgorithms,
    timeout,
    connectTries,
    connectLimit,
    keepalive,
    order,
    allowDowngrade,
    healthUrl,
    healthTimeout,
  } = options;
  const line = [
    'hookfleet',
    name,
    ...words,
    ...inventory.flatMap(file => ['-i', file]),
    ...vaultPasswordFile.flatMap(file => ['--vault-password-file', file]),
    ...vaultId.flatMap(id => ['--vault-id', id]),
    ...(askVaultPass ? ['--ask-vault-pass'] : []),
    ...(hosts === undefined ? [] : ['--hosts', hosts]),
    ...(engine === undefined ? [] : engine === false ? ['--no-engine'] : ['--engine', engine]),
    ...(limit === undefined ? [] : ['-l', limit]),
    ...(rerun === undefined ? [] : ['--rerun', rerun]),
    ...(record === undefined ? [] : record === false ? ['--no-record'] : ['--record', record]),
    ...(forks === undefined ? [] : ['-f', String(forks)]),
    ...(user === undefined ? [] : ['-u', user]),
    ...(privateKey === undefined ? [] : ['--private-key', privateKey]),
    ...(knownHosts === undefined ? [] : ['--known-hosts', knownHosts]),
    ...(hostKeyChecking === undefined ? [] : ['--host-key-checking', hostKeyChecking]),
    ...(jump === undefined ? [] : ['-J', jump]),
    ...(sshConfig === undefined ? [] : ['-F', sshConfig]),
    ...(sshAlgorithms === undefined ? [] : ['--ssh-algorithms', sshAlgorithms]),
    ...(timeout === undefined ? [] : ['-T', String(timeout)]),
    ...(connectTries === undefined ? [] : ['--connect-tries', String(connectTries)]),
    ...(connectLimit === undefined ? [] : ['--connect-limit', String(connectLimit)]),
    ...(keepalive === undefined ? [] : ['--keepalive', String(keepalive)]),
    ...(askPass ? ['-k'] : []),
    ...(connectionPasswordFile === undefined ? [] : ['--connection-password-file', connectionPasswordFile]),
    ...(keyPassphraseFile === undefined ? [] : ['--key-passphrase-file', keyPassphraseFile]),
    ...(become ? ['-b'] : []),
    ...(askBecomePass ? ['-K'] : []),
    ...(becomePasswordFile === undefined ? [] : ['--become-password-file', becomePasswordFile]),
    ...(order === undefined ? [] : ['--order', order]),
    ...(allowDowngrade ? ['--allow-downgrade'] : []),
    ...(healthUrl === undefined ? [] : ['--health-url', healthUrl]),
    ...(healthTimeout === undefined ? [] : ['--health-timeout', String(healthTimeout)]),
    ...(lockWait === undefined ? [] : ['--lock-wait', String(lockWait)]),
    ...(dnfLockWait === undefined ? [] : ['--dnf-lock-wait', String(dnfLockWait)]),
    ...(scriptTimeout === undefined ? [] : ['--script-timeout', String(scriptTimeout)]),
    ...(transactionTimeout === undefined ? [] : ['--transaction-timeout', String(transactionTimeout)]),
  ];
  return sh`${line}`.text;
}
