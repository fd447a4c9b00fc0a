import { HostError } from '../../core/failure.ts';
import type { Section } from '../../core/section.ts';
import { digestsIn, labelsIn } from '../files/printed.ts';
import { type FileType, fileType } from '../package/rpm.ts';
import { type ProtectedDomainsWanted, STATE } from './protected-wanted.ts';

export interface FoundFile {
  readonly type: FileType;
  readonly mode: number;
  readonly owner: string;
}

/** The configuration of a daemon, its bytes as Latin-1, so that all of them stay as they are. */
export interface FoundConf {
  readonly text: string;
  /** In seconds since 1970. */
  readonly changed: number;
}

/** What polkit answered about a user: whether that one may do something with a domain. */
export interface Proof {
  readonly user: string;
  readonly permission: string;
  /** What it is to say. */
  readonly expected: 'yes' | 'no';
  readonly answer: 'yes' | 'no' | 'none';
  /** As the list names it; empty for one that no list names. */
  readonly domain: string;
}

/** What libvirt said when a user asked it to resume a protected domain that runs. */
export interface Trial {
  readonly user: string;
  readonly domain: string;
  readonly verdict: 'denied' | 'allowed' | 'unclear';
  readonly said: string;
}

/** What of the protection is on a host. */
export interface ProtectedDomainsFound {
  /** The list and the rules, as far as they are there, by path. */
  readonly files: ReadonlyMap<string, FoundFile>;
  readonly digests: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, { readonly found: string; readonly wanted: string }>;
  /** Whether the rules that are there let somebody use libvirt. */
  readonly grants: boolean;
  /** What was there before, by the names in {@link STATE}; undefined where hookfleet keeps nothing of it. */
  readonly kept: ReadonlyMap<string, string> | undefined;
  /** By daemon. */
  readonly confs: ReadonlyMap<string, FoundConf>;
  /** Daemons whose configuration is no file of its own. */
  readonly oddConfs: ReadonlySet<string>;
  readonly hasSystemd: boolean;
  /** The daemon that is asked for domains; undefined without libvirt. */
  readonly unit: string | undefined;
  /** Undefined where it does not run. */
  readonly daemon: { readonly born: number; readonly birth: string; readonly command: string } | undefined;
  /** The start of the daemon that is known to have loaded the access control. */
  readonly noted: string | undefined;
  /** The version of polkit, as it says itself; undefined without it. */
  readonly polkit: string | undefined;
  readonly missingTools: readonly string[];
  /** Sockets on which libvirt takes clients from other hosts. */
  readonly remoteSockets: readonly string[];
  /** polkit's rules files. */
  readonly ruleFiles: readonly string[];
  readonly missingGroups: readonly string[];
  readonly users: readonly string[];
  /** The names and the UUIDs of the host's domains; undefined where its daemon did not say. */
  readonly domains: ReadonlySet<string> | undefined;
  readonly proofs: readonly Proof[];
  readonly trials: readonly Trial[];
}

/** @throws {HostError} where the host cannot be looked at, and for one that runs VDSM. */
export function readProtected(reply: Section, wanted: ProtectedDomainsWanted): ProtectedDomainsFound {
  if (reply.exitCode !== 0) {
    throw cannotTell(reply);
  }
  const rows = reply.stdout.split('\n').map(line => line.split('\t'));
  const of = (tag: string) => rows.filter(([found]) => found === tag).map(([, ...fields]) => fields);
  const words = (tag: string) => of(tag).map(([word = '']) => word);
  if (wanted.domains.length > 0 && of('V').length > 0) {
    throw vdsmHost(of('Z').length > 0);
  }
  const [daemon] = of('D').map(([born = '', birth = '']) => ({ born: Number(born), birth }));
  const kept = new Map(of('Z').map(([name = '', bytes = '']) => [name, decoded(bytes)]));
  const inventory = of('I').map(([line = '']) => line);
  return {
    files: new Map(of('F').map(readFile)),
    digests: digestsIn(reply.stdout),
    labels: labelsIn(reply.stdout),
    grants: of('H').length > 0,
    kept: kept.size > 0 ? kept : undefined,
    confs: new Map(
      of('C').map(([unit = '', changed = '', bytes = '']) => [
        unit,
        { text: decoded(bytes), changed: Number(changed) },
      ]),
    ),
    oddConfs: new Set(words('O')),
    hasSystemd: of('B').length > 0,
    unit: words('U')[0],
    daemon: daemon && { ...daemon, command: words('A')[0] ?? '' },
    noted: words('K')[0],
    polkit: words('Y')[0],
    missingTools: words('N'),
    remoteSockets: words('T'),
    ruleFiles: words('E'),
    missingGroups: words('G'),
    users: words('M'),
    domains: inventory.length > 0 ? new Set(inventory.flatMap(nameAndUuid)) : undefined,
    proofs: of('P').map(readProof),
    trials: of('R').map(([user = '', domain = '', verdict = '', said = '']) => ({
      ...{ user, domain, said },
      verdict: verdict === 'denied' || verdict === 'allowed' ? verdict : 'unclear',
    })),
  };
}

/** virsh pads both columns with blanks. */
function nameAndUuid(line: string): string[] {
  const [, uuid = '', name = ''] = /^(\S+) +(.*?) *$/.exec(line) ?? [];
  return [uuid, name];
}

function readFile([bits = '', user = '', group = '', path = '']: string[]): [string, FoundFile] {
  const mode = Number.parseInt(bits, 16);
  return [path.replace(/^\./, ''), { type: fileType(mode), mode: mode & 0o7777, owner: `${user}:${group}` }];
}

function readProof([user = '', permission = '', expected = '', code = '', domain = '']: string[]): Proof {
  // 2 and 3: somebody would have to enter a password, which nobody can over SSH (pkcheck(1)).
  const answer = code === '0' ? 'yes' : ['1', '2', '3'].includes(code) ? 'no' : 'none';
  return { user, permission, expected: expected === 'yes' ? 'yes' : 'no', answer, domain };
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}

/** @param isProtected whether VDSM came to a host whose domains are protected by now. */
function vdsmHost(isProtected: boolean): HostError {
  return new HostError('failed', {
    kind: 'vdsm-host',
    step: 'probe',
    message:
      'This host runs VDSM: with libvirt’s access control on, VDSM could only read, and the engine would lose the host',
    hint: `${isProtected ? 'Take the protection away with `protected_domains: []`, then take' : 'Take'} the host out of the play. Protect its VMs in the engine: \`Delete Protection\` of each VM, and permissions for who may stop it.`,
  });
}

function cannotTell({ exitCode, stderr }: Section): HostError {
  return new HostError('failed', {
    kind: 'probe',
    step: 'probe',
    message: 'It cannot be told whether the domains are protected',
    exitCode,
    stderr,
    hint: `Look at /etc/libvirt, /etc/polkit-1 and ${STATE} on the host.`,
  });
}
