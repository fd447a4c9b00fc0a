import type { Duplex } from 'node:stream';
import { readString } from './wire.ts';

/** The algorithms that a server offers, in its order (SSH_MSG_KEXINIT, RFC 4253, 7.1). */
export interface ServerOffer {
  readonly kex: readonly string[];
  readonly hostKeys: readonly string[];
  /** From the client to the server; the way back is the same wherever it matters. */
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
}

/**
 * Reads along what a server offers: ssh2 says that there is no algorithm in common, and never which ones there are.
 *
 * @param stream after the client's `connect`, which has paused it.
 */
export function watchOffer(stream: Duplex, offered: (offer: ServerOffer) => void): void {
  let seen = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk]);
    const offer = parseOffer(seen);
    if (offer !== undefined) {
      offered(offer);
    }
    if (offer !== undefined || seen.length > LONGEST_START) {
      stream.off('data', onData);
      seen = Buffer.alloc(0);
    }
  };
  stream.on('data', onData);
}

/** The offer in the first bytes that a server sends; undefined while it is not there, and if it is none. */
export function parseOffer(data: Buffer): ServerOffer | undefined {
  const banner = /(?:^|\n)SSH-[^\n]*\n/.exec(data.toString('latin1'));
  const packet = banner ? data.subarray(banner.index + banner[0].length) : data.subarray(data.length);
  if (packet.length < LISTS || packet.length < 4 + packet.readUInt32BE() || packet[5] !== KEXINIT) {
    return undefined;
  }
  const lists: string[][] = [];
  for (let position = LISTS; lists.length < 6; ) {
    const list = readString(packet, position);
    if (list === undefined) {
      return undefined;
    }
    lists.push(list.toString('latin1').split(','));
    position += 4 + list.length;
  }
  const [kex = [], hostKeys = [], ciphers = [], , macs = []] = lists;
  return { kex: kex.filter(name => !EXTENSION.test(name)), hostKeys, ciphers, macs };
}

const KEXINIT = 20;
/** Behind the packet's length, its padding's length, the message's number and the cookie. */
const LISTS = 4 + 1 + 1 + 16;
const LONGEST_START = 64 * 1024;
/** Names among the key exchanges that are none (RFC 8308; PROTOCOL of OpenSSH). */
const EXTENSION = /^(?:ext-info-|kex-strict-)/;
