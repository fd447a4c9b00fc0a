import type { HostResult, RunResult } from '../../core/host-result.ts';
import { OUTCOMES } from '../../core/outcome.ts';
import { sh } from '../../core/sh.ts';
import { LEFT_OUT } from '../../run/besides.ts';
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
  const troubled = [...hosts].filter(
    ([, { outcome, error }]) =>
      !['ok', 'changed', 'drifted'].includes(outcome) && !(outcome === 'skipped' && error?.kind === LEFT_OUT),
  );
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

/**
 * The options that a command to type next repeats, in the order in which they are written: how each is typed, and how it
 * is typed where it is false.
 */
const REPEATED = {
  inventory: ['-i'],
  vaultPasswordFile: ['--vault-password-file'],
  vaultId: ['--vault-id'],
  askVaultPass: ['--ask-vault-pass'],
  engineUrl: ['--engine-url'],
  engineUser: ['--engine-user'],
  enginePasswordFile: ['--engine-password-file'],
  engineCa: ['--engine-ca'],
  hosts: ['--hosts'],
  engine: ['--engine', '--no-engine'],
  limit: ['-l'],
  rerun: ['--rerun'],
  record: ['--record', '--no-record'],
  forks: ['-f'],
  user: ['-u'],
  privateKey: ['--private-key'],
  knownHosts: ['--known-hosts'],
  hostKeyChecking: ['--host-key-checking'],
  jump: ['-J'],
  sshConfig: ['-F'],
  sshAlgorithms: ['--ssh-algorithms'],
  timeout: ['-T'],
  connectTries: ['--connect-tries'],
  connectLimit: ['--connect-limit'],
  keepalive: ['--keepalive'],
  askPass: ['-k'],
  connectionPasswordFile: ['--connection-password-file'],
  keyPassphraseFile: ['--key-passphrase-file'],
  become: ['-b'],
  askBecomePass: ['-K'],
  becomePasswordFile: ['--become-password-file'],
  order: ['--order'],
  catalog: ['--catalog'],
  acceptRisk: ['--accept-risk'],
  allowDowngrade: ['--allow-downgrade'],
  deep: ['--deep'],
  restartBusyEngine: ['--restart-busy-engine'],
  removeUsedProperties: ['--remove-used-properties'],
  healthUrl: ['--health-url'],
  healthTimeout: ['--health-timeout'],
  lockWait: ['--lock-wait'],
  dnfLockWait: ['--dnf-lock-wait'],
  scriptTimeout: ['--script-timeout'],
  transactionTimeout: ['--transaction-timeout'],
} as const satisfies Partial<Record<keyof FleetOptions, readonly [string, string?]>>;

/** A command as it can be typed, quoted for the shell, with the options that say what it works on and how. */
export function commandLine(
  { name, words }: Pick<FleetCommand, 'name' | 'words'>,
  options: FleetOptions,
): string {
  const typed = Object.entries(REPEATED).flatMap(([key, [flag, negated]]) => {
    const value = options[key as keyof typeof REPEATED];
    if (value === undefined || value === false) {
      return value === false && negated !== undefined ? [negated] : [];
    }
    return value === true ? [flag] : [value].flat().flatMap(one => [flag, String(one)]);
  });
  return sh`${['hookfleet', name, ...words, ...typed]}`.text;
}
