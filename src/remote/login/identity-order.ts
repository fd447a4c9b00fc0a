import { wireType } from '../host-keys/host-key.ts';
import type { AgentEntry } from './agent.ts';
import type { Identity } from './identities.ts';
import type { KeyFile } from './key-file.ts';
import { CERTIFICATE, unsupportedType } from './unsupported-key.ts';

/** What an agent holds, or why that is not known. */
export interface HeldKeys {
  readonly entries: readonly AgentEntry[];
  readonly trouble: Identity | undefined;
}

/** The agent's copy of a file's key. */
export function copyOf({ publicKey }: KeyFile, entries: readonly AgentEntry[]): AgentEntry | undefined {
  return entries.find(entry => entry.key && publicKey?.equals(entry.publicKey));
}

/**
 * How many keys that nobody has named are tried on a host. Each refused one counts as a failed login, and sshd hangs
 * up at the sixth (MaxAuthTries): this leaves one for a password.
 */
const MOST_UNNAMED_KEYS = 5;

/** The identities of named files and no others: of each file the agent's copy, else the file itself. */
export function orderNamed(files: readonly KeyFile[], { entries, trouble }: HeldKeys): readonly Identity[] {
  const copies = files.flatMap(file => copyOf(file, entries) ?? []);
  const others = entries.filter(({ key }) => key).length - new Set(copies).size;
  return unique([
    ...files.flatMap(file => fileIdentities(file, entries)),
    ...(trouble ? [trouble] : []),
    ...unusableEntries(entries),
    ...(others > 0
      ? [unusable('agent', `${others} other ${others === 1 ? 'key' : 'keys'}: not among the named ones`)]
      : []),
  ]);
}

/** Whatever is there: the agent's keys, those of the default files first, then the files that the agent lacks. */
export function orderAll(files: readonly KeyFile[], { entries, trouble }: HeldKeys): readonly Identity[] {
  const copies = new Set(files.flatMap(file => copyOf(file, entries) ?? []));
  const others = entries.filter(entry => entry.key && !copies.has(entry));
  const lacking = files.filter(file => copyOf(file, entries) === undefined);
  const usable = lacking.filter(({ content }) => content?.kind === 'usable').length;
  const room = Math.max(0, MOST_UNNAMED_KEYS - copies.size - usable);
  return unique([
    ...(trouble ? [trouble] : []),
    ...[...copies, ...others.slice(0, room)].flatMap(agentIdentity),
    ...lacking.flatMap(file => fileIdentities(file, entries)),
    ...files.filter(file => !lacking.includes(file)).flatMap(certificateOf),
    ...unusableEntries(entries),
    ...others
      .slice(room)
      .map(({ comment, publicKey }) =>
        unusable(agentSource(comment), `at most ${MOST_UNNAMED_KEYS} keys are tried`, publicKey),
      ),
  ]);
}

function fileIdentities(file: KeyFile, entries: readonly AgentEntry[]): readonly Identity[] {
  const copy = copyOf(file, entries);
  return [...(copy ? agentIdentity(copy) : [fileIdentity(file)]), ...certificateOf(file)];
}

function fileIdentity({ path: source, content, publicKey }: KeyFile): Identity {
  switch (content?.kind) {
    case 'usable':
      return { kind: 'key', source, key: content.key };
    case 'encrypted':
      return { kind: 'encrypted', source, publicKey };
    case 'public':
      return unusable(source, 'a public key, whose private one the agent does not have', publicKey);
    case 'unreadable':
      return unusable(source, content.reason);
    default:
      return publicKey === undefined
        ? unusable(source, 'there is no such file')
        : unusable(source, 'there is only its public key, and the agent does not have the private one');
  }
}

/** ssh would present it; it is named, for the case that the bare key is refused. */
function certificateOf({ certificate }: KeyFile): readonly Identity[] {
  return certificate === undefined ? [] : [unusable(certificate, CERTIFICATE)];
}

function agentIdentity({ key, comment }: AgentEntry): readonly Identity[] {
  return key ? [{ kind: 'agent', source: agentSource(comment), key: key.key, agent: key }] : [];
}

function unusableEntries(entries: readonly AgentEntry[]): readonly Identity[] {
  return entries.flatMap(({ key, comment, publicKey }) =>
    key
      ? []
      : [
          unusable(
            agentSource(comment),
            unsupportedType(wireType(publicKey) ?? '') ?? 'ssh2 cannot read it',
            publicKey,
          ),
        ],
  );
}

function agentSource(comment: string): string {
  return comment === '' ? 'agent' : `agent (${comment})`;
}

function unusable(source: string, reason: string, publicKey?: Buffer): Identity {
  return { kind: 'unusable', source, reason, ...(publicKey && { publicKey }) };
}

/** Leaves out what is there under the same key already. */
function unique(identities: readonly Identity[]): readonly Identity[] {
  const seen = new Set<string>();
  return identities.filter(identity => {
    const name = publicKeyOf(identity)?.toString('base64') ?? `${identity.source} ${identity.kind}`;
    return !seen.has(name) && seen.add(name);
  });
}

function publicKeyOf(identity: Identity): Buffer | undefined {
  return 'key' in identity ? identity.key.getPublicSSH() : identity.publicKey;
}
