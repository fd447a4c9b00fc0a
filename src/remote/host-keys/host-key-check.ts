import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { Target } from '../target.ts';
import { fingerprint, type HostKeyVerdict, hostKeyAlgorithms, judgeHostKey, wireType } from './host-key.ts';
import { otherRecords } from './host-key-failure.ts';
import type { KnownHosts, KnownKeys } from './known-hosts.ts';

/** A key that a host has presented and that was not on record. */
export interface NewHostKey {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** `ssh-ed25519` … */
  readonly type: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** Where it was recorded; undefined where it was refused. */
  readonly recordedIn: string | undefined;
  /** What is on record all the same, or could not be read. */
  readonly remark: string;
}

/** Why a presented key is not trusted. */
export type Refusal =
  | Exclude<HostKeyVerdict, { kind: 'known' }>
  /** It was to be recorded, and could not be. */
  | { readonly kind: 'unrecorded'; readonly reason: string };

/** The check of one connection's host key. */
export interface HostKeyCheck {
  /** What to ask the server for. */
  readonly algorithms: ServerHostKeyAlgorithm[];
  /** The key that the host presented and that is not trusted. */
  readonly refused: { readonly key: Buffer; readonly refusal: Refusal } | undefined;
  /** ssh2's `hostVerifier`. At that time the host has not yet shown that the key is its own. */
  verify(key: Buffer): boolean;
  /**
   * To be called once the key exchange is complete, and the key so proven; no login before it has settled. Records a
   * first key where the host accepts new ones.
   *
   * @returns whether the key stands.
   */
  proven(): Promise<boolean>;
}

/**
 * Checks a host's key against what is on record. Strict: a key must be on record. With `accept-new` the first key of a
 * host of which nothing is on record, no key and no authority, is recorded; every other is refused all the same.
 */
export function checkHostKey(
  target: Target,
  known: KnownKeys,
  { record }: Pick<KnownHosts, 'record'>,
  onNewKey: (key: NewHostKey) => void = () => {},
): HostKeyCheck {
  let accepted: Buffer | undefined;
  let refused: HostKeyCheck['refused'];
  const acceptsNew =
    target.hostKeyChecking === 'accept-new' && known.trusted.length === 0 && known.authorities.length === 0;

  const tell = (key: Buffer, recordedIn: string | undefined) =>
    onNewKey({
      name: target.name,
      address: target.address,
      port: target.port,
      type: wireType(key) ?? '?',
      fingerprint: fingerprint(key),
      recordedIn,
      remark: otherRecords(known),
    });

  return {
    algorithms: hostKeyAlgorithms(known, target.algorithms),
    get refused() {
      return refused;
    },
    verify(key) {
      const verdict = judgeHostKey(key, known);
      if (verdict.kind === 'unknown' && acceptsNew) {
        accepted = key;
        return true;
      }
      if (verdict.kind === 'unknown') {
        tell(key, undefined);
      }
      refused = verdict.kind === 'known' ? undefined : { key, refusal: verdict };
      return refused === undefined;
    },
    async proven() {
      const key = accepted;
      if (key === undefined) {
        return true;
      }
      const recorded = await recordKey(known, key, record);
      if (recorded === 'added') {
        tell(key, known.file);
      } else if (typeof recorded === 'object') {
        refused = { key, refusal: recorded };
      }
      return refused === undefined;
    },
  };
}

/** `known` if somebody else has recorded it meanwhile. */
async function recordKey(
  { name, file }: KnownKeys,
  key: Buffer,
  record: KnownHosts['record'],
): Promise<Refusal | 'added' | 'known' | undefined> {
  try {
    const [added] = await record(file, [{ name, key, firstOnly: true }]);
    return added && 'records' in added ? added : added?.kind;
  } catch (error) {
    return { kind: 'unrecorded', reason: (error as Error).message };
  }
}
