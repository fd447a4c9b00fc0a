import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { HostKeyChecking } from '../../core/host.ts';
import { thisUser } from '../this-user.ts';
import type { Answer } from './ssh-g.ts';

/** What the user's ssh_config says of a host; what it leaves open is missing. */
export interface SshSettings {
  readonly hostName?: string;
  readonly port?: number;
  readonly user?: string;
  /** Absolute, in the order to try them; empty for none, not even ssh's defaults. */
  readonly identityFiles?: readonly string[];
  readonly identitiesOnly?: boolean;
  /** The agent's socket, or null for no agent. */
  readonly agentSocket?: string | null;
  readonly proxyJump?: string;
  readonly proxyCommand?: string;
  /** The user's own, then those of the system that are not ssh's defaults; absolute. */
  readonly knownHostsFiles?: readonly string[];
  readonly hostKeyAlias?: string;
  readonly hostKeyChecking?: HostKeyChecking;
  readonly connectTimeoutSeconds?: number;
}

/** Settings that are heeded, and the one that decides what a name stands for. */
export const HEEDED: ReadonlySet<string> = new Set([
  'hostname',
  'port',
  'user',
  'identityfile',
  'identitiesonly',
  'identityagent',
  'proxyjump',
  'proxycommand',
  'userknownhostsfile',
  'globalknownhostsfile',
  'hostkeyalias',
  'stricthostkeychecking',
  'connecttimeout',
  'canonicalizehostname',
]);

/** As `ssh` would be called. */
export interface Called {
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
}

/** Puts what ssh says, or its files, into our words. `~` and tokens become what they stand for (ssh_config(5), TOKENS). */
export function readAnswer(answer: Answer, called: Called): SshSettings {
  const first = (keyword: string) => answer.get(keyword)?.[0];
  const local = thisUser();
  const hostName = expand(first('hostname'), { h: called.address });
  const port = called.port ?? (Number(first('port')) || undefined);
  const user = called.user ?? first('user');
  const tokens = {
    d: homedir(),
    h: hostName ?? called.address,
    i: String(local.uid),
    k: first('hostkeyalias') ?? called.address,
    n: called.address,
    p: String(port ?? 22),
    r: user ?? local.name,
    u: local.name,
  };
  const path = (text: string) => resolve(homedir(), expandPath(text, tokens));
  const paths = (keyword: string) =>
    answer.get(keyword)?.flatMap(text => (text === 'none' || text === '/dev/null' ? [] : [path(text)]));
  return defined({
    hostName,
    port,
    user,
    identityFiles: paths('identityfile'),
    identitiesOnly: first('identitiesonly') === undefined ? undefined : isYes(first('identitiesonly')),
    agentSocket: agentSocket(first('identityagent'), path),
    ...proxyOf(answer),
    knownHostsFiles: knownHostsFiles(answer, paths),
    hostKeyAlias: expand(first('hostkeyalias'), tokens),
    hostKeyChecking: hostKeyChecking(first('stricthostkeychecking')),
    connectTimeoutSeconds: seconds(first('connecttimeout')),
  });
}

/** Whether a value of StrictHostKeyChecking lets every key pass. */
export function acceptsAnyKey(value: string | undefined): boolean {
  return /^(?:no|off|false)$/i.test(value ?? '');
}

/** What stands first counts, `ProxyCommand none` too; only `ProxyJump none` leaves a later ProxyCommand. */
function proxyOf(answer: Answer): Pick<SshSettings, 'proxyJump' | 'proxyCommand'> {
  const [first] = [...answer.keys()].filter(keyword => ['proxyjump', 'proxycommand'].includes(keyword));
  const [jump = 'none'] = answer.get('proxyjump') ?? [];
  const [command = 'none'] = answer.get('proxycommand') ?? [];
  if (first === 'proxyjump' && jump !== 'none') {
    return { proxyJump: jump };
  }
  return command === 'none' ? {} : { proxyCommand: command };
}

type Tokens = Readonly<Record<string, string>>;

function expand(text: string | undefined, tokens: Tokens): string | undefined {
  return text?.replace(/%(.)/g, (token, letter: string) =>
    letter === '%' ? '%' : (tokens[letter] ?? token),
  );
}

function expandPath(text: string, tokens: Tokens): string {
  const path = text
    .replace(/^~(?=\/|$)/, () => homedir())
    .replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? '');
  return expand(path, tokens) ?? path;
}

function agentSocket(value: string | undefined, path: (text: string) => string): string | null | undefined {
  if (value === undefined || value === 'SSH_AUTH_SOCK') {
    return undefined;
  }
  if (value === 'none') {
    return null;
  }
  return value.startsWith('$') && !value.startsWith('${') ? process.env[value.slice(1)] || null : path(value);
}

function knownHostsFiles(
  answer: Answer,
  paths: (keyword: string) => readonly string[] | undefined,
): readonly string[] | undefined {
  const [own, system] = [paths('userknownhostsfile'), paths('globalknownhostsfile')];
  const isNull = own?.length === 0 && answer.get('userknownhostsfile')?.includes('/dev/null');
  if ((own === undefined || isNull) && (system === undefined || system.length === 0)) {
    return undefined;
  }
  const defaults = ['known_hosts', 'known_hosts2'].map(name => join(homedir(), '.ssh', name));
  return [...(own === undefined || isNull ? defaults : own), ...(system ?? [])];
}

function hostKeyChecking(value: string | undefined): HostKeyChecking | undefined {
  return value === undefined ? undefined : value === 'accept-new' ? 'accept-new' : 'strict';
}

function isYes(value: string | undefined): boolean {
  return /^(?:yes|true)$/i.test(value ?? '');
}

/** ssh_config(5), TIME FORMATS, as far as one unit goes. */
function seconds(value: string | undefined): number | undefined {
  const [, number, unit = 's'] = /^(\d+)([smh]?)$/i.exec(value ?? '') ?? [];
  const factor = { s: 1, m: 60, h: 3600 }[unit.toLowerCase()] ?? 1;
  return Number(number) * factor || undefined;
}

function defined(settings: { readonly [K in keyof SshSettings]: SshSettings[K] | undefined }): SshSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
