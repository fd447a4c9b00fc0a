import { isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import type { Host } from '../core/host.ts';
import { formatProblem, InputError, type Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import { readPort } from './host-name.ts';
import { hostVariable, type Inventory, type Variable } from './inventory.ts';
import { CONNECTION_VARIABLES } from './known-variables.ts';

/** What holds for a host where the inventory says nothing: the command line, and where it is called. */
export interface ConnectionDefaults {
  /** The login user: `--user`. */
  readonly user?: string;
  /** `--private-key`, as the user wrote it. */
  readonly privateKeyFile?: string;
  /** Absolute: what `~` stands for. */
  readonly homeFolder: string;
  /** Absolute: what key files are relative to, as for ssh. */
  readonly workingFolder: string;
}

// The words and their case: lib/ansible/module_utils/parsing/convert_bool.py.
const TRUE = /^(?:y|yes|on|1|true|t)$/i;
const FALSE = /^(?:n|no|off|0|false|f)$/i;

/**
 * How to reach one host of the inventory. A variable of the inventory is stronger than the command line, as in Ansible.
 *
 * @throws {InputError} for a host that is not in the inventory, and for every value that cannot be used, at its place.
 */
export function toHost(inventory: Inventory, name: string, defaults: ConnectionDefaults): Host {
  const { host, problems } = readHost(inventory, name, defaults);
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return host;
}

/**
 * How to reach each of the hosts, in the order given.
 *
 * @throws {InputError} with what is wrong with any of them; a bad variable of a group is named once, not once a host.
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

type Fault = Pick<Problem, 'message' | 'hint'>;

function readHost(
  inventory: Inventory,
  name: string,
  defaults: ConnectionDefaults,
): { host: Host; problems: Problem[] } {
  const problems: Problem[] = inventory.hosts.has(name) ? [] : [unknownHost(inventory, name)];
  function value<T extends string | number | boolean>(
    names: readonly string[],
    read: (text: string) => T | Fault,
  ): T | undefined {
    const variable = names.map(spelling => hostVariable(inventory, name, spelling)).findLast(found => found);
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

  value(CONNECTION_VARIABLES.connection, oneOf(['ssh', 'smart', 'ansible.builtin.ssh']));
  value(CONNECTION_VARIABLES.becomeMethod, oneOf(['sudo', 'ansible.builtin.sudo']));
  value(CONNECTION_VARIABLES.becomeUser, oneOf(['root']));
  const file = value(CONNECTION_VARIABLES.privateKeyFile, text => keyFile(text, defaults));
  const commandLineFile =
    defaults.privateKeyFile === undefined ? undefined : expandPath(defaults.privateKeyFile, defaults);
  const privateKeyFile = file ?? commandLineFile;
  const become = value(CONNECTION_VARIABLES.become, readBoolean);
  const port = value(CONNECTION_VARIABLES.port, readPortValue);
  const user = value(CONNECTION_VARIABLES.user, readUser) ?? defaults.user;
  const host = {
    name,
    address: value(CONNECTION_VARIABLES.address, readAddress) ?? name,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(privateKeyFile === undefined ? {} : { privateKeyFile }),
    ...(become === undefined ? {} : { become }),
  };
  return { host, problems };
}

function readValue<T>(variable: Variable, read: (text: string) => T | Fault): T | Fault {
  const { name, text } = variable;
  if (text.includes('{{') || text.includes('{%')) {
    return {
      message: `${name} holds a template: ${text}`,
      hint: 'Templates are not evaluated; write the value itself',
    };
  }
  const result = read(text);
  return typeof result === 'object' && result !== null && 'message' in result
    ? { ...result, message: `${name}=${text}: ${result.message}` }
    : result;
}

function oneOf(supported: readonly string[]): (text: string) => string | Fault {
  return text =>
    supported.includes(text)
      ? text
      : { message: 'not supported', hint: `Supported: ${supported.slice(0, 2).join(', ')}` };
}

function readAddress(text: string): string | Fault {
  if (text === '' || /[\s\p{Cc}]/u.test(text)) {
    return { message: 'not an address', hint: 'An address is a host name, an IPv4 or an IPv6 address' };
  }
  return /[:[\]]/.test(text) && !isIPv6(text)
    ? { message: 'not an address', hint: 'IPv6 addresses stand without brackets, and a port in ansible_port' }
    : text;
}

function readPortValue(text: string): number | Fault {
  return readPort(text) ?? { message: 'not a port', hint: 'A port is a number from 1 to 65535' };
}

function readUser(text: string): string | Fault {
  return text === '' || /[\s\p{Cc}]/u.test(text)
    ? { message: 'not a user name', hint: 'A user name is not empty and holds no blanks' }
    : text;
}

function readBoolean(text: string): boolean | Fault {
  const word = text.trim();
  if (TRUE.test(word)) {
    return true;
  }
  return FALSE.test(word) ? false : { message: 'neither true nor false', hint: 'Write true or false' };
}

function keyFile(text: string, folders: ConnectionDefaults): string | Fault {
  return text === '' || text.includes('\0')
    ? { message: 'not a file name', hint: 'Name the private key file, or leave the variable out' }
    : expandPath(text, folders);
}

function expandPath(path: string, { homeFolder, workingFolder }: ConnectionDefaults): string {
  return resolve(
    workingFolder,
    path.replace(/^~(?=\/|$)/, () => homeFolder),
  );
}

function unknownHost(inventory: Inventory, name: string): Problem {
  const meant = didYouMean(name, [...inventory.hosts.keys()]);
  return {
    message: `Host "${name}" is not in the inventory`,
    ...(meant === undefined ? {} : { hint: `Did you mean "${meant}"?` }),
  };
}
