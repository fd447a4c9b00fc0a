/** The `string` of the SSH protocol (RFC 4251, 5) at a position, without its length; undefined if it is cut off. */
export function readString(data: Buffer, position: number): Buffer | undefined {
  if (position + 4 > data.length) {
    return undefined;
  }
  const end = position + 4 + data.readUInt32BE(position);
  return end > data.length ? undefined : data.subarray(position + 4, end);
}

/** The same way round: the bytes with their length before them. */
export function writeString(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
