import type { HostKeyChecking } from '../core/host.ts';
import type { Problem } from '../core/input-error.ts';
import { parseHops } from '../core/jump.ts';
import { readPort } from './host-name.ts';
import { splitWords } from './words.ts';

/** What arguments for ssh in an inventory come to; paths as they are written. */
export interface SshArgs {
  readonly jump?: string;
  readonly hostKeyChecking?: HostKeyChecking;
  readonly knownHostsFiles?: readonly string[];
  readonly identitiesOnly?: boolean;
  readonly privateKeyFile?: string;
  readonly port?: number;
  readonly user?: string;
  readonly connectTimeoutSeconds?: number;
}

type Note = Pick<Problem, 'message' | 'hint'>;

export interface ReadSshArgs {
  readonly args: SshArgs;
  /** What cannot be used as it is written. */
  readonly faults: readonly Note[];
  /** What is passed over. */
  readonly warnings: readonly Note[];
}

/** What one argument says: a setting, a fault, a warning, or nothing that matters here. */
type Said = { readonly args: SshArgs } | { readonly fault: Note } | { readonly warning: Note } | undefined;

/**
 * Reads arguments for ssh as Ansible has them in `ansible_ssh_common_args`: `-o ProxyJump=bastion`, `-J bastion` and the
 * like. As for ssh, the first value of a setting counts.
 */
export function readSshArgs(text: string): ReadSshArgs {
  const split = splitWords(text);
  if (!('words' in split)) {
    return { args: {}, warnings: [], faults: [{ message: `the ${split.open} is not closed` }] };
  }
  const said = options(split.words).map(sayOption);
  return {
    args: Object.assign({}, ...said.flatMap(one => (one && 'args' in one ? [one.args] : [])).reverse()),
    faults: said.flatMap(one => (one && 'fault' in one ? [one.fault] : [])),
    warnings: said.flatMap(one => (one && 'warning' in one ? [one.warning] : [])),
  };
}

interface Option {
  /** As it is written. */
  readonly word: string;
  /** The letter; empty for a word that is no option. */
  readonly letter: string;
  /** Undefined where the option takes none, or none follows. */
  readonly value: string | undefined;
}

// ssh(1): the options that take a value.
const WITH_VALUE = /[BbcDEeFIiJLlmOopQRSWw]/;
// Those that change nothing here: verbosity, compression, terminal, multiplexing, forwarding of agent and X11.
const HARMLESS_LETTERS = /[AaCfgKkMNnqSTtvXxYy]/;

function options(words: readonly string[]): Option[] {
  const found: Option[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (!/^-./.test(word)) {
      found.push({ word, letter: '', value: undefined });
      continue;
    }
    for (let at = 1; at < word.length; at += 1) {
      const letter = word.charAt(at);
      if (!WITH_VALUE.test(letter)) {
        found.push({ word: `-${letter}`, letter, value: undefined });
        continue;
      }
      const rest = word.slice(at + 1);
      const value = rest === '' ? words[i + 1] : rest;
      i += rest === '' ? 1 : 0;
      found.push({ word: `-${letter} ${value ?? ''}`.trim(), letter, value });
      break;
    }
  }
  return found;
}

const SHORT: Readonly<Record<string, string>> = { J: 'proxyjump', l: 'user', p: 'port', i: 'identityfile' };

function sayOption({ word, letter, value }: Option): Said {
  if (letter !== '' && value === undefined && WITH_VALUE.test(letter)) {
    return { fault: { message: `${word} has no value` } };
  }
  const long = SHORT[letter];
  if (long !== undefined && value !== undefined) {
    return saySetting(long, value, word);
  }
  if (letter === 'o' && value !== undefined) {
    const [, keyword, setting] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(value) ?? [];
    return keyword === undefined || setting === undefined
      ? { fault: { message: `${word} is no setting`, hint: 'A setting reads -o Keyword=value' } }
      : saySetting(keyword.toLowerCase(), setting, word);
  }
  return HARMLESS_LETTERS.test(letter) ? undefined : notHeeded(word);
}

function saySetting(keyword: string, value: string, word: string): Said {
  const fault = (hint: string): Said => ({ fault: { message: `${word} cannot be used`, hint } });
  switch (keyword) {
    case 'proxyjump':
      return parseHops(value) === undefined
        ? fault('Jump hosts read [user@]host[:port], several with commas, an IPv6 address in brackets')
        : { args: { jump: value } };
    case 'proxycommand':
      return value.toLowerCase() === 'none'
        ? undefined
        : fault('ProxyCommand is not supported; for a jump host write -o ProxyJump=[user@]host[:port]');
    case 'stricthostkeychecking':
      return hostKeyChecking(value, word);
    case 'userknownhostsfile':
      return value === '/dev/null'
        ? notHeeded(word, 'Host keys are always checked: there must be a file')
        : { args: { knownHostsFiles: value.split(/\s+/) } };
    case 'identitiesonly':
      return FLAG.test(value) ? { args: { identitiesOnly: YES.test(value) } } : fault('It is yes or no');
    case 'identityfile':
      return { args: { privateKeyFile: value } };
    case 'user':
      return { args: { user: value } };
    case 'port': {
      const port = readPort(value);
      return port === undefined ? fault('A port is a number from 1 to 65535') : { args: { port } };
    }
    case 'connecttimeout':
      return /^[1-9]\d{0,4}$/.test(value)
        ? { args: { connectTimeoutSeconds: Number(value) } }
        : fault('A time is a number of seconds');
    default:
      return HARMLESS_SETTINGS.has(keyword)
        ? undefined
        : notHeeded(word, ALGORITHMS.has(keyword) ? LEGACY_HINT : undefined);
  }
}

function hostKeyChecking(value: string, word: string): Said {
  const choice = value.toLowerCase();
  if (['no', 'off', 'false'].includes(choice)) {
    return notHeeded(
      word,
      'Host keys are always checked; accept-new records the first key that a host shows, and refuses any other',
    );
  }
  return choice === 'accept-new' || choice === 'ask' || YES.test(choice)
    ? { args: { hostKeyChecking: choice === 'accept-new' ? 'accept-new' : 'strict' } }
    : { fault: { message: `${word} cannot be used`, hint: 'It is yes or accept-new' } };
}

// readconf.c: multistate_flag.
const YES = /^(?:yes|true)$/i;
const FLAG = /^(?:yes|true|no|false)$/i;

function notHeeded(
  word: string,
  hint = 'It says nothing to hookfleet; what it is for may stand in ~/.ssh/config',
): Said {
  return { warning: { message: `${word} is not heeded`, hint } };
}

const LEGACY_HINT = 'For an old server set hookfleet_ssh_algorithms=legacy';

const ALGORITHMS: ReadonlySet<string> = new Set([
  'ciphers',
  'hostkeyalgorithms',
  'kexalgorithms',
  'macs',
  'pubkeyacceptedalgorithms',
  'pubkeyacceptedkeytypes',
]);

/** Settings that change nothing here, or are so anyway. */
const HARMLESS_SETTINGS: ReadonlySet<string> = new Set([
  'addkeystoagent',
  'batchmode',
  'compression',
  'controlmaster',
  'controlpath',
  'controlpersist',
  'forwardagent',
  'forwardx11',
  'gssapiauthentication',
  'hashknownhosts',
  'loglevel',
  'requesttty',
  'sendenv',
  'serveralivecountmax',
  'serveraliveinterval',
  'tcpkeepalive',
  'updatehostkeys',
  'visualhostkey',
]);
