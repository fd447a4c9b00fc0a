import type { Attempt } from './attempt.ts';
import type { ServerOffer } from './server-offer.ts';

/** Why the two sides did not come to common algorithms, as far as it is known; undefined if that is not the trouble. */
export function noCommonAlgorithm({
  host,
  cause,
  offer,
}: Pick<Attempt, 'host' | 'cause' | 'offer'>): { message: string; hint: string } | undefined {
  const kind = KINDS.find(({ said }) => said.test(cause?.message ?? ''));
  if (kind === undefined) {
    return undefined;
  }
  const offered = offer?.[kind.list] ?? [];
  return {
    message: `no matching ${kind.name}${offered.length === 0 ? '' : `; the server takes only ${offered.join(', ')}`}`,
    hint: hintFor(kind.list, offered, host.algorithms === 'legacy'),
  };
}

function hintFor(list: keyof ServerOffer, offered: readonly string[], legacy: boolean): string {
  if (list === 'kex' && offered.length > 0 && offered.every(name => POST_QUANTUM.test(name))) {
    return 'the server takes post-quantum key exchanges alone, which hookfleet does not have; allow another one there (sshd_config: KexAlgorithms +curve25519-sha256)';
  }
  if (!legacy && (offered.length === 0 || offered.some(name => OLD.test(name)))) {
    return 'the two sides have no algorithm in common; for an old server, which knows none without SHA-1, set hookfleet_ssh_algorithms=legacy for this host, or give --ssh-algorithms legacy';
  }
  return 'the two sides have no algorithm in common; compare with: ssh -vv to the host';
}

const KINDS: readonly { readonly said: RegExp; readonly list: keyof ServerOffer; readonly name: string }[] = [
  { said: /no matching key exchange/, list: 'kex', name: 'key exchange' },
  { said: /no matching host key/, list: 'hostKeys', name: 'type of host key' },
  { said: /no matching .*cipher/, list: 'ciphers', name: 'cipher' },
  { said: /no matching .*MAC/, list: 'macs', name: 'MAC' },
];

/** Key exchanges of OpenSSH since 8.5, and of those who follow it. */
const POST_QUANTUM = /sntrup|mlkem|kyber/;

/** What `ssh_algorithms = legacy` adds. */
const OLD = /^(?:diffie-hellman-.*-sha1|ssh-rsa|.*-cbc|hmac-sha1(?:-etm@openssh\.com)?)$/;
