import { Secret } from '../../core/secret.ts';

/** An RPM from beside the playbook: what it holds, by its own header, and the file itself. */
export interface RpmFile {
  /** Its name as a file, for people. */
  readonly file: string;
  readonly name: string;
  /** `epoch:version-release`. */
  readonly evr: string;
  readonly arch: string;
  /** The file in base64. No secret, but nothing that anybody wants to read in an error or a log. */
  readonly base64: Secret;
}

/** Why a file cannot be pushed as an RPM, and what to do. */
export interface RpmFault {
  readonly fault: string;
  readonly hint: string;
}

/** What goes over every host's connection inside a script has a limit. */
export const RPM_SIZE_LIMIT = 20 * 1024 * 1024;

/** Reads an RPM's name and version from its bytes. The signature is for the host to check. */
export function readRpm(file: string, bytes: Uint8Array): RpmFile | RpmFault {
  if (bytes.length > RPM_SIZE_LIMIT) {
    return {
      fault: `${file} has ${Math.ceil(bytes.length / 1024 / 1024)} MiB; at most 20 MiB are pushed`,
      hint: 'Put it into a repository, and name that in `repositories:`.',
    };
  }
  const tags = readTags(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  if (typeof tags === 'string') {
    return { fault: `${file} is no RPM: ${tags}`, hint: 'Give the file that rpmbuild made.' };
  }
  const [name, version, release, arch] = [NAME, VERSION, RELEASE, ARCH].map(tag => tags.texts.get(tag));
  if (tags.source) {
    return {
      fault: `${file} is a source package`,
      hint: 'Build it first (`rpmbuild --rebuild`), and give the binary RPM.',
    };
  }
  if (name === undefined || version === undefined || release === undefined || arch === undefined) {
    return { fault: `${file} is no RPM: its header has no name, version or architecture`, hint: REBUILD };
  }
  if (!PROPER.test(name) || [version, release, arch].some(text => !PROPER.test(text))) {
    return { fault: `${file} holds a package without a proper name or version`, hint: REBUILD };
  }
  return {
    file,
    name,
    evr: `${tags.epoch}:${version}-${release}`,
    arch,
    base64: new Secret(Buffer.from(bytes).toString('base64')),
  };
}

const PROPER = /^[A-Za-z0-9_.+~^][A-Za-z0-9_.+~^-]*$/;
const REBUILD = 'Build it anew with rpmbuild.';

// The format: rpm: docs/manual/format.md. A lead of 96 bytes, the signature as a header padded to 8 bytes, the header.
const LEAD_BYTES = 96;
const LEAD_MAGIC = 0xedabeedb;
const HEADER_MAGIC = 0x8eade801;
const NAME = 1000;
const VERSION = 1001;
const RELEASE = 1002;
const EPOCH = 1003;
const ARCH = 1022;
const SOURCE_RPM = 1044;
const INT32 = 4;
const STRING = 6;

interface Tags {
  readonly texts: ReadonlyMap<number, string>;
  readonly epoch: number;
  readonly source: boolean;
}

/** The tags that are needed, or what is wrong with the file. */
function readTags(bytes: Buffer): Tags | string {
  if (bytes.length < LEAD_BYTES || bytes.readUInt32BE(0) !== LEAD_MAGIC) {
    return 'it does not begin as one';
  }
  const signature = headerAt(bytes, LEAD_BYTES);
  const header = signature && headerAt(bytes, Math.ceil(signature.end / 8) * 8);
  if (!header) {
    return 'its header is damaged or cut off';
  }
  const texts = new Map<number, string>();
  let epoch = 0;
  for (let entry = header.index; entry < header.store; entry += 16) {
    const [tag, type] = [bytes.readUInt32BE(entry), bytes.readUInt32BE(entry + 4)];
    const at = header.store + bytes.readUInt32BE(entry + 8);
    if (type === STRING && at < header.end) {
      const end = bytes.indexOf(0, at);
      texts.set(tag, bytes.toString('utf8', at, end === -1 ? header.end : Math.min(end, header.end)));
    } else if (tag === EPOCH && type === INT32 && at + 4 <= header.end) {
      epoch = bytes.readUInt32BE(at);
    }
  }
  // Only a binary package names the source package that it was built from.
  return { texts, epoch, source: !texts.has(SOURCE_RPM) };
}

interface HeaderPlace {
  readonly index: number;
  readonly store: number;
  readonly end: number;
}

function headerAt(bytes: Buffer, start: number): HeaderPlace | undefined {
  if (start + 16 > bytes.length || bytes.readUInt32BE(start) !== HEADER_MAGIC) {
    return undefined;
  }
  const index = start + 16;
  const store = index + 16 * bytes.readUInt32BE(start + 8);
  const end = store + bytes.readUInt32BE(start + 12);
  return end <= bytes.length ? { index, store, end } : undefined;
}
