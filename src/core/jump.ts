import { isIPv6 } from 'node:net';

/** One hop on the way to a host, as `ssh -J` takes it. */
export interface Hop {
  readonly user?: string;
  readonly address: string;
  readonly port?: number;
}

/**
 * Reads the hops of `ssh -J`: `[user@]host[:port],…`, an IPv6 address in brackets (ssh itself puts
 * every address there), or `ssh://[user@]host[:port]`.
 *
 * @returns them in the order in which they are passed; none for `none`; undefined for what is no such list.
 */
export function parseHops(text: string): readonly Hop[] | undefined {
  if (text.toLowerCase() === 'none') {
    return [];
  }
  const hops = text.split(',').map(part => parseHop(part.trim()));
  return hops.every(hop => hop !== undefined) ? hops : undefined;
}

function parseHop(text: string): Hop | undefined {
  const [, user, bracketed, plain, portText] =
    /^(?:ssh:\/\/)?(?:([^\s@]+)@)?(?:\[([^\]\s]+)\]|([^\s@:[\],/]+))(?::(\d{1,5}))?\/?$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  const port = portText === undefined ? undefined : Number(portText);
  if (
    address === undefined ||
    address.startsWith('-') ||
    (address.includes(':') && !isIPv6(address.replace(/%.*$/, ''))) ||
    (port !== undefined && (port < 1 || port > 65_535))
  ) {
    return undefined;
  }
  return { address, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
}
