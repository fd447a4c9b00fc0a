import { createHash } from 'node:crypto';

/** A primary key of OpenPGP, as far as rpm and a reader of its name need it. */
export interface PublicKey {
  /** 40 capital hex digits. */
  readonly fingerprint: string;
  /** The first user ID, like `Site packages <packages@example.org>`; empty without one. */
  readonly userId: string;
  /** When it stops to be valid, in seconds since 1970; null for never. */
  readonly expires: number | null;
  readonly revoked: boolean;
}

/** The keys of a file, or why it is of no use. */
export type KeysRead = { readonly keys: readonly PublicKey[] } | { readonly fault: string };

const BLOCK = /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n([\s\S]*?)^-----END PGP PUBLIC KEY BLOCK-----/gm;

/**
 * Reads the primary keys of a text with armored public keys, one block or several, as `rpm --import` takes it: rpm 4.18
 * refuses keys that are not armored (run). Formats: RFC 4880, sections 4, 5.2, 5.5, 6 and 12.2.
 */
export function readArmoredKeys(text: string): KeysRead {
  const blocks = [...text.matchAll(BLOCK)].map(([, block = '']) => block);
  if (blocks.length === 0) {
    return { fault: 'it holds no "-----BEGIN PGP PUBLIC KEY BLOCK-----"' };
  }
  const keys: PublicKey[] = [];
  for (const block of blocks) {
    // Armor headers end at the first empty line; the checksum's line begins with `=`.
    const body = block.replace(/^(?:[A-Za-z]+: .*\r?\n)*[ \t]*\r?\n/, '').replace(/^=.*$/m, '');
    const read = readBinaryKeys(Buffer.from(body, 'base64'));
    if ('fault' in read) {
      return read;
    }
    keys.push(...read.keys);
  }
  return { keys };
}

/** The same for the bytes themselves: what rpm's database has of a key, in base64 there. */
export function readBinaryKeys(bytes: Uint8Array): KeysRead {
  const packets = readPackets(Buffer.from(bytes));
  if (packets === undefined) {
    return { fault: 'its OpenPGP data is broken off or damaged' };
  }
  const starts = packets.flatMap(({ tag }, i) => (tag === PUBLIC_KEY ? [i] : []));
  if (starts.length === 0 || starts[0] !== 0) {
    return { fault: 'it does not begin with a public key' };
  }
  const keys: PublicKey[] = [];
  for (const [i, start] of starts.entries()) {
    const version = packets[start]?.body[0];
    if (version !== 4) {
      return { fault: `it holds a key of OpenPGP version ${version}; only version 4 is understood` };
    }
    keys.push(readKey(packets.slice(start, starts[i + 1])));
  }
  return { keys };
}

const SIGNATURE = 2;
const PUBLIC_KEY = 6;
const USER_ID = 13;
const PUBLIC_SUBKEY = 14;

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/** Splits data into its packets; undefined where a length points past the end or is of a kind that keys do not have. */
function readPackets(data: Buffer): Packet[] | undefined {
  const packets: Packet[] = [];
  let at = 0;
  while (at < data.length) {
    const first = data[at] ?? 0;
    if ((first & 0x80) === 0) {
      return undefined;
    }
    const isNew = (first & 0x40) !== 0;
    const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
    const length = isNew ? newLength(data, at + 1) : oldLength(data, at + 1, first & 3);
    if (length === undefined || length.start + length.size > data.length) {
      return undefined;
    }
    at = length.start + length.size;
    packets.push({ tag, body: data.subarray(length.start, at) });
  }
  return packets;
}

interface Length {
  readonly start: number;
  readonly size: number;
}

function oldLength(data: Buffer, at: number, kind: number): Length | undefined {
  const octets = 2 ** kind;
  return kind === 3 || at + octets > data.length
    ? undefined
    : { start: at + octets, size: data.readUIntBE(at, octets) };
}

// Subpackets have lengths of the same kind, without the partial ones.
function newLength(data: Buffer, at: number): Length | undefined {
  const first = data[at];
  if (first === undefined || (first >= 224 && first < 255)) {
    return undefined;
  }
  if (first < 192) {
    return { start: at + 1, size: first };
  }
  if (first < 224) {
    const second = data[at + 1];
    return second === undefined ? undefined : { start: at + 2, size: ((first - 192) << 8) + second + 192 };
  }
  return at + 5 > data.length ? undefined : { start: at + 5, size: data.readUInt32BE(at + 1) };
}

function readKey([primary, ...rest]: readonly Packet[]): PublicKey {
  const body = primary?.body ?? Buffer.alloc(0);
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  const fingerprint = createHash('sha1').update(head).update(body).digest('hex').toUpperCase();
  const subkey = rest.findIndex(({ tag }) => tag === PUBLIC_SUBKEY);
  const own = (subkey < 0 ? rest : rest.slice(0, subkey))
    .flatMap(({ tag, body }) => (tag === SIGNATURE ? [readSignature(body)] : []))
    .filter(signature => signature !== undefined)
    .filter(({ issuer }) => fingerprint.endsWith(issuer));
  const newest = own.filter(({ type }) => CERTIFIES.has(type)).sort((a, b) => b.created - a.created)[0];
  return {
    fingerprint,
    userId: rest.find(({ tag }) => tag === USER_ID)?.body.toString('utf8') ?? '',
    expires: newest?.validFor ? body.readUInt32BE(1) + newest.validFor : null,
    revoked: own.some(({ type }) => type === REVOKES),
  };
}

/** Types of signatures that a key makes over itself (section 5.2.1). */
const CERTIFIES: ReadonlySet<number> = new Set([0x10, 0x11, 0x12, 0x13, 0x1f]);
const REVOKES = 0x20;

interface Signature {
  readonly type: number;
  readonly created: number;
  /** Seconds after the key's own creation; 0 for ever. */
  readonly validFor: number;
  /** The last 16 hex digits of the signer's fingerprint. */
  readonly issuer: string;
}

/** A version 4 signature; undefined for any other. */
function readSignature(body: Buffer): Signature | undefined {
  if (body[0] !== 4 || body.length < 8) {
    return undefined;
  }
  const hashedEnd = 6 + body.readUInt16BE(4);
  const unhashedStart = hashedEnd + 2;
  if (unhashedStart > body.length) {
    return undefined;
  }
  const hashed = readSubpackets(body.subarray(6, hashedEnd));
  const unhashed = readSubpackets(body.subarray(unhashedStart, unhashedStart + body.readUInt16BE(hashedEnd)));
  const seconds = (data: Buffer | undefined) => (data?.length === 4 ? data.readUInt32BE(0) : 0);
  const issuer = hashed.get(33)?.subarray(-8) ?? unhashed.get(16) ?? hashed.get(16);
  return {
    type: body[1] ?? 0,
    created: seconds(hashed.get(2)),
    validFor: seconds(hashed.get(9)),
    issuer: issuer?.toString('hex').toUpperCase() ?? '',
  };
}

function readSubpackets(data: Buffer): Map<number, Buffer> {
  const subpackets = new Map<number, Buffer>();
  for (let at = 0; at < data.length; ) {
    const length = newLength(data, at);
    if (length === undefined || length.size === 0) {
      break;
    }
    const end = length.start + length.size;
    subpackets.set((data[length.start] ?? 0) & 0x7f, data.subarray(length.start + 1, end));
    at = end;
  }
  return subpackets;
}
