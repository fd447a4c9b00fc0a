import type { Host, HostKeyChecking, SshAlgorithms } from '../core/host.ts';
import { formatProblem, InputError, type Problem } from '../core/input-error.ts';
import { REDACTED, Secret } from '../core/secret.ts';
import { didYouMean } from '../core/suggest.ts';
import { closedIn } from './closed.ts';
import {
  expandPath,
  type Fault,
  type Folders,
  keyFile,
  oneOf,
  readAddress,
  readAlgorithms,
  readBoolean,
  readHostKeyChecking,
  readPortValue,
  readSeconds,
  readUser,
} from './connection-values.ts';
import { hostVariable, type Inventory, type Variable } from './inventory.ts';
import { CONNECTION_VARIABLES } from './known-variables.ts';
import { EXTRA_OPERATIONS, readExtraOperations } from './libvirt-variables.ts';
import { readPassword } from './passwords.ts';
import { SSH_ARGS_VARIABLES, sshArgsOf } from './ssh-args-variables.ts';

/** What holds for a host where the inventory says nothing: the command line, and where it is called. */
export interface ConnectionDefaults extends Folders {
  /** The login user: `--user`. */
  readonly user?: string;
  /** `--private-key`, as the user wrote it. */
  readonly privateKeyFile?: string;
  /** `--host-key-checking`. */
  readonly hostKeyChecking?: HostKeyChecking;
  /** `--jump`. */
  readonly jump?: string;
  /** `--ssh-algorithms`. */
  readonly sshAlgorithms?: SshAlgorithms;
  /** `--timeout`. */
  readonly connectTimeoutSeconds?: number;
}

/**
 * How to reach each of the hosts, in the order given. A variable of the inventory is stronger than the command line, as in
 * Ansible.
 *
 * @throws {InputError} with what is wrong with any of them, at its place: a host that is not in the inventory, a value that
 * cannot be used; a bad variable of a group is named once, not once a host.
 */
export function toHosts(
  inventory: Inventory,
  names: readonly string[],
  defaults: ConnectionDefaults,
): Host[] {
  const read = names.map(name => readHost(inventory, name, defaults));
  const problems = new Map(
    read.flatMap(one => one.problems).map(problem => [formatProblem(problem), problem]),
  );
  if (problems.size > 0) {
    throw new InputError([...problems.values()]);
  }
  return read.map(({ host }) => host);
}

function readHost(
  inventory: Inventory,
  name: string,
  defaults: ConnectionDefaults,
): { host: Host; problems: Problem[] } {
  const problems: Problem[] = inventory.hosts.has(name) ? [] : [unknownHost(inventory, name)];
  const closed = closedIn(inventory, name);
  if (closed.length > 0) {
    return { host: { name, address: name }, problems: closed };
  }
  const variableOf = (names: readonly string[]) =>
    names.map(spelling => hostVariable(inventory, name, spelling)).findLast(found => found);
  const secret = (names: readonly string[]): Secret | undefined => {
    const variable = variableOf(names);
    const result = variable && readPassword(variable);
    if (result === undefined || result instanceof Secret) {
      return result;
    }
    problems.push(result);
    return undefined;
  };
  function value<T extends string | number | boolean>(
    names: readonly string[],
    read: (text: string) => T | Fault,
  ): T | undefined {
    const variable = variableOf(names);
    if (variable === undefined) {
      return undefined;
    }
    const result = readValue(variable, read);
    if (typeof result !== 'object') {
      return result;
    }
    problems.push({ place: variable.place, ...result });
    return undefined;
  }

  const connection = value(
    CONNECTION_VARIABLES.connection,
    oneOf(['ssh', 'smart', 'local', 'ansible.builtin.ssh', 'ansible.builtin.local']),
  );
  value(CONNECTION_VARIABLES.becomeMethod, oneOf(['sudo', 'ansible.builtin.sudo']));
  value(CONNECTION_VARIABLES.becomeUser, oneOf(['root']));
  const { args, problems: argsProblems } = sshArgsOf(
    SSH_ARGS_VARIABLES.flatMap(spelling => variableOf([spelling]) ?? []),
  );
  problems.push(...argsProblems);
  const file =
    value(CONNECTION_VARIABLES.privateKeyFile, text => keyFile(text, defaults)) ??
    (args.privateKeyFile === undefined ? undefined : expandPath(args.privateKeyFile, defaults));
  const commandLineFile =
    defaults.privateKeyFile === undefined ? undefined : expandPath(defaults.privateKeyFile, defaults);
  const privateKeyFile = file ?? commandLineFile;
  const become = value(CONNECTION_VARIABLES.become, readBoolean);
  const port = value(CONNECTION_VARIABLES.port, readPortValue) ?? args.port;
  const user = value(CONNECTION_VARIABLES.user, readUser) ?? args.user ?? defaults.user;
  const hostKeyChecking =
    value(CONNECTION_VARIABLES.hostKeyChecking, readHostKeyChecking) ??
    args.hostKeyChecking ??
    defaults.hostKeyChecking;
  const jump = args.jump ?? defaults.jump;
  const sshAlgorithms = value(CONNECTION_VARIABLES.sshAlgorithms, readAlgorithms) ?? defaults.sshAlgorithms;
  const connectTimeoutSeconds =
    value(CONNECTION_VARIABLES.timeout, readSeconds) ??
    args.connectTimeoutSeconds ??
    defaults.connectTimeoutSeconds;
  const password = secret(CONNECTION_VARIABLES.password);
  const becomePassword = secret(CONNECTION_VARIABLES.becomePassword);
  const operations = variableOf([EXTRA_OPERATIONS]);
  const extraOperations = operations && readExtraOperations(operations);
  if (operations && extraOperations && 'message' in extraOperations) {
    problems.push({ place: operations.place, ...extraOperations });
  }
  const host: Host = {
    name,
    address: value(CONNECTION_VARIABLES.address, readAddress) ?? name,
    ...(connection?.endsWith('local') ? { connection: 'local' } : {}),
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(privateKeyFile === undefined ? {} : { privateKeyFile }),
    ...(args.identitiesOnly === undefined ? {} : { identitiesOnly: args.identitiesOnly }),
    ...(jump === undefined ? {} : { jump }),
    ...(hostKeyChecking === undefined ? {} : { hostKeyChecking }),
    ...(args.knownHostsFiles && {
      knownHostsFiles: args.knownHostsFiles.map(one => expandPath(one, defaults)),
    }),
    ...(sshAlgorithms === undefined ? {} : { sshAlgorithms }),
    ...(connectTimeoutSeconds === undefined ? {} : { connectTimeoutSeconds }),
    ...(password === undefined ? {} : { password }),
    ...(become === undefined ? {} : { become }),
    ...(becomePassword === undefined ? {} : { becomePassword }),
    ...(extraOperations === undefined || 'message' in extraOperations
      ? {}
      : { libvirtExtraOperations: extraOperations }),
  };
  return { host, problems };
}

function readValue<T>(variable: Variable, read: (text: string) => T | Fault): T | Fault {
  const { name, text } = variable;
  const shown = variable.secret ? REDACTED : text;
  if (text.includes('{{') || text.includes('{%')) {
    return {
      message: `${name} holds a template: ${shown}`,
      hint: 'Templates are not evaluated; write the value itself',
    };
  }
  const result = read(text);
  return typeof result === 'object' && result !== null && 'message' in result
    ? { ...result, message: `${name}=${shown}: ${result.message}` }
    : result;
}

function unknownHost(inventory: Inventory, name: string): Problem {
  const meant = didYouMean(name, [...inventory.hosts.keys()]);
  return {
    message: `Host "${name}" is not in the inventory`,
    ...(meant === undefined ? {} : { hint: `Did you mean "${meant}"?` }),
  };
}
