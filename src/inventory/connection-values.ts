import { isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import type { HostKeyChecking, SshAlgorithms } from '../core/host.ts';
import type { Problem } from '../core/input-error.ts';
import { readPort } from './host-name.ts';

/** Why a value cannot be used. */
export type Fault = Pick<Problem, 'message' | 'hint'>;

/** What paths are relative to. */
export interface Folders {
  /** Absolute: what `~` stands for. */
  readonly homeFolder: string;
  /** Absolute: what key files are relative to, as for ssh. */
  readonly workingFolder: string;
}

// The words and their case: lib/ansible/module_utils/parsing/convert_bool.py.
const TRUE = /^(?:y|yes|on|1|true|t)$/i;
const FALSE = /^(?:n|no|off|0|false|f)$/i;

/** A reader of values that takes these words alone; those with a dot are not named in its hint. */
export function oneOf(supported: readonly string[]): (text: string) => string | Fault {
  return text =>
    supported.includes(text)
      ? text
      : {
          message: 'not supported',
          hint: `Supported: ${supported.filter(word => !word.includes('.')).join(', ')}`,
        };
}

/** A host name or an address, as `ansible_host` has it. */
export function readAddress(text: string): string | Fault {
  if (text === '' || /[\s\p{Cc}]/u.test(text)) {
    return { message: 'not an address', hint: 'An address is a host name, an IPv4 or an IPv6 address' };
  }
  return /[:[\]]/.test(text) && !isIPv6(text)
    ? { message: 'not an address', hint: 'IPv6 addresses stand without brackets, and a port in ansible_port' }
    : text;
}

/** 1 to 65535. */
export function readPortValue(text: string): number | Fault {
  return readPort(text) ?? { message: 'not a port', hint: 'A port is a number from 1 to 65535' };
}

/** A login user: anything without blanks. */
export function readUser(text: string): string | Fault {
  return text === '' || /[\s\p{Cc}]/u.test(text)
    ? { message: 'not a user name', hint: 'A user name is not empty and holds no blanks' }
    : text;
}

/** One of Ansible's words for true and false, in any case. */
export function readBoolean(text: string): boolean | Fault {
  const word = text.trim();
  if (TRUE.test(word)) {
    return true;
  }
  return FALSE.test(word) ? false : { message: 'neither true nor false', hint: 'Write true or false' };
}

/** Ansible's own values are true and false; there is no switch that lets a changed key pass. */
export function readHostKeyChecking(text: string): HostKeyChecking | Fault {
  const word = text.trim();
  if (word === 'accept-new') {
    return word;
  }
  return word === 'strict' || TRUE.test(word)
    ? 'strict'
    : {
        message: FALSE.test(word) ? 'host keys are always checked' : 'neither strict nor accept-new',
        hint: 'To record the first key that a host shows: hookfleet_host_key_checking=accept-new; better: hookfleet trust',
      };
}

/** `modern` or `legacy`. */
export function readAlgorithms(text: string): SshAlgorithms | Fault {
  return text === 'modern' || text === 'legacy'
    ? text
    : { message: 'neither modern nor legacy', hint: 'legacy adds what old servers need, SHA-1 among it' };
}

/** A whole number of seconds, 1 to 99999. */
export function readSeconds(text: string): number | Fault {
  return /^[1-9]\d{0,4}$/.test(text)
    ? Number(text)
    : { message: 'not a time', hint: 'A time is a whole number of seconds, at least 1' };
}

/** The absolute path of a private key file; whether it is there is not looked at. */
export function keyFile(text: string, folders: Folders): string | Fault {
  return text === '' || text.includes('\0')
    ? { message: 'not a file name', hint: 'Name the private key file, or leave the variable out' }
    : expandPath(text, folders);
}

/** The absolute path: `~/` is the home folder, anything else relative to the working folder. */
export function expandPath(path: string, { homeFolder, workingFolder }: Folders): string {
  return resolve(
    workingFolder,
    path.replace(/^~(?=\/|$)/, () => homeFolder),
  );
}
