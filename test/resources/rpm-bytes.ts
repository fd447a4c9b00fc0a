export type Entry = readonly [tag: number, value: string | number];

/** A header as RPM writes it: magic, number of entries, size of the store, the entries, the store. */
function header(entries: readonly Entry[]): Buffer {
  const index: Buffer[] = [];
  const store: Buffer[] = [];
  let at = 0;
  for (const [tag, value] of entries) {
    const data = typeof value === 'string' ? Buffer.from(`${value}\0`) : Buffer.alloc(4);
    if (typeof value === 'number') {
      data.writeUInt32BE(value);
    }
    index.push(words(tag, typeof value === 'string' ? 6 : 4, at, 1));
    store.push(data);
    at += data.length;
  }
  return Buffer.concat([words(0x8eade801, 0, entries.length, at), ...index, ...store]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) {
    bytes.writeUInt32BE(value, i * 4);
  }
  return bytes;
}

/** The bytes of an RPM with these tags: enough of one to be read, not to be installed. */
export function rpm(entries: readonly Entry[], signature: readonly Entry[] = [[1000, 'abc']]): Buffer {
  const lead = Buffer.alloc(96);
  lead.writeUInt32BE(0xedabeedb);
  const signed = header(signature);
  const padding = Buffer.alloc((8 - (signed.length % 8)) % 8);
  return Buffer.concat([lead, signed, padding, header(entries), Buffer.from('payload')]);
}
