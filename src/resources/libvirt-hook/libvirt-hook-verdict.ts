import type { Section } from '../../core/section.ts';
import type { Explanation } from '../resource.ts';
import { BAD_SYNTAX, NOT_FENCED, REFUSED, UNKNOWN_OPERATION } from './libvirt-hook-dry-run.ts';
import { hookPath, type LibvirtHook } from './libvirt-hook-wanted.ts';

/** What a failed look at the syntax or a failed dry run means; undefined for any other failure. */
export function explainDryRun(
  hook: LibvirtHook,
  { exitCode, stdout, stderr }: Section,
): Explanation | undefined {
  const path = hookPath(hook);
  switch (exitCode) {
    case BAD_SYNTAX: {
      const said = lastWords(stderr);
      return {
        message: `${path}: ${hook.shell} of this host cannot read the script${said === '' ? '' : ` (${said})`}; nothing was put in its place`,
        hint: `\`${hook.shell} -n\` on the file says the same. Mend it and run this again.`,
      };
    }
    case NOT_FENCED:
      return notFenced(path, stdout);
    case REFUSED: {
      const call = readCall(stdout);
      return call && judge(path, call);
    }
    default:
      return undefined;
  }
}

interface Call {
  readonly who: string;
  readonly operation: string;
  readonly extra: string;
  readonly verdict: string;
  readonly code: string;
  /** What it wrote; the beginning of it. */
  readonly stdout: string;
  readonly stderr: string;
}

function readCall(report: string): Call | undefined {
  const fields = report
    .split('\n')
    .map(line => line.split('\t'))
    .find(([tag]) => tag === 'V');
  if (fields === undefined) {
    return undefined;
  }
  const [, who = '', operation = '', extra = '', verdict = '', code = '', ...written] = fields;
  const [stdout = '', stderr = ''] = written.map(one => Buffer.from(one, 'base64').toString('utf8'));
  return { who, operation, extra, verdict, code, stdout, stderr };
}

function judge(path: string, call: Call): Explanation {
  const asked = call.operation === UNKNOWN_OPERATION ? 'an operation that it does not know' : call.operation;
  const reason = call.extra === '-' ? '' : ` (${call.extra})`;
  const as = call.who === 'root' ? 'root' : 'an ordinary user, as whom the daemons of users call it';
  const head = `${path}: called for ${asked}${reason} in the dry run, as ${as}, it`;
  const last = lastWords(call.stderr);
  const what = withheld(call.who, call.stderr);
  const waited =
    what === undefined
      ? ''
      : ` It may have waited for ${what}, which is withheld in a dry run: \`dry_run: lint\` leaves that out.`;
  switch (call.verdict) {
    case 'prints':
      return {
        message: `${head} printed ${firstWords(call.stdout)} on stdout; nothing was put in its place`,
        hint: 'For migrate and restore libvirt takes what a hook prints for the new domain XML. Begin the script with `exec 1>&2`.',
      };
    case 'hangs':
      return {
        message: `${head} did not end within a second, nor within five; nothing was put in its place`,
        hint: `libvirt waits for a hook without end, and the guest is locked meanwhile. ${LIBVIRT_CALLS}${waited}`,
      };
    case 'holds':
      return {
        message: `${head} ended, but what it left running holds its output open for more than a second; nothing was put in its place`,
        hint: `libvirt waits until both outputs are closed. Start what is to stay with \`systemd-run\`, or with >/dev/null 2>&1 </dev/null.${waited}`,
      };
    case 'slow':
      return {
        message: `${head} took longer than a second three times; nothing was put in its place`,
        hint: `The guest is locked while a hook runs, and lists of guests wait for it. Start what takes long with \`systemd-run --no-block\`.${waited}`,
      };
    default:
      return judgeExit(head, call, last, what);
  }
}

function judgeExit(
  head: string,
  { code, operation }: Call,
  last: string,
  what: string | undefined,
): Explanation {
  const said = last === '' ? '' : `: ${last}`;
  if (what !== undefined) {
    return {
      message: `${head} ended with exit code ${code} where it could not reach ${what}${said}. That is withheld in a dry run, so nothing says that the hook is wrong; nothing was put in its place`,
      hint: 'Let the script go on without it for a guest that it does not know, or write `dry_run: lint` for this hook, which leaves the dry run out.',
    };
  }
  return {
    message: `${head} ended with exit code ${code}${said}; nothing was put in its place`,
    hint:
      operation === UNKNOWN_OPERATION
        ? 'Later versions of libvirt call hooks for more: end with 0 for every operation that the script is not for.'
        : `A hook that fails stops what libvirt is doing, and at reconnect it ends the running guest.${CALLS_LIBVIRT.test(last) ? ` ${LIBVIRT_CALLS}` : ''}`,
  };
}

const LIBVIRT_CALLS = 'A hook that calls libvirt itself waits for ever.';
const CALLS_LIBVIRT = /libvirt-sock|connect to the hypervisor/;

/** What the fence keeps from a hook, by what the programs that stumble over it say. */
const WITHHELD: readonly (readonly [RegExp, string])[] = [
  [/\bp?kill\b.*Operation not permitted/, 'a process that it wanted to signal'],
  [/Read-only file system/, 'a file that it wanted to write'],
  [
    /Network is (?:unreachable|down)|[Nn]ame resolution|Name or service not known|Could not resolve|No route to host/,
    'the network',
  ],
  [
    /\bbus\b.*(?:connect|No such)|connect to (?:system |session )?bus|been booted with systemd|Host is down/,
    'D-Bus',
  ],
  [/\/(?:run|dev)\/\S*:? .*No such (?:file|device)|No such device/, 'a device or a socket'],
  [/Address family not supported/, 'a socket'],
  [/\bu?limit\b.*(?:Operation not permitted|error setting limit)/, 'a limit that it wanted to set'],
];

const AS_ROOT: readonly (readonly [RegExp, string])[] = [
  [/Operation not permitted|Permission denied|RTNETLINK answers/, 'what takes the rights of root'],
];

/** Undefined where nothing in the words of the hook points at the fence; a call of libvirt is a fault all the same. */
function withheld(who: string, stderr: string): string | undefined {
  if (CALLS_LIBVIRT.test(stderr)) {
    return undefined;
  }
  // An ordinary user has no rights outside the fence either.
  return [...WITHHELD, ...(who === 'root' ? AS_ROOT : [])].find(([words]) => words.test(stderr))?.[1];
}

/** The last line, to be followed by more of a sentence. */
function lastWords(text: string): string {
  return (text.trimEnd().split('\n').at(-1) ?? '').replace(/[\s.]+$/, '');
}

function firstWords(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line === '' ? 'blank text' : `"${[...line].slice(0, 60).join('')}"`;
}

function notFenced(path: string, stdout: string): Explanation {
  const wall = /^N\t[^\t]*\t(.+)$/m.exec(stdout)?.[1];
  return {
    message: `${path}: the dry run was not begun, because this host does not fence it in${wall === undefined ? '' : `: it would have ${wall}`}; nothing was put in its place`,
    hint: 'It takes systemd, or unshare and setpriv of util-linux, with the right to make namespaces. `dry_run: lint` leaves the dry run of this hook out.',
  };
}
