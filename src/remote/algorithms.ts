import type { Algorithms } from 'ssh2';
import type { SshAlgorithms } from '../core/host.ts';

/**
 * What is offered to a server beside the algorithms of its host key, in ssh2's words. Modern: no SHA-1, no CBC, and a
 * group exchange, which costs a second, only with a server that knows nothing else. `legacy` adds at the end what
 * servers before OpenSSH 6 need. No compression: it is off in ssh by default too.
 */
export function algorithmsFor(choice: SshAlgorithms): Algorithms {
  const legacy = choice === 'legacy';
  return {
    kex: {
      prepend: [],
      remove: [GROUP_EXCHANGE],
      append: [GROUP_EXCHANGE, ...(legacy ? LEGACY_KEX : [])],
    },
    cipher: { prepend: [], remove: [], append: legacy ? [...LEGACY_CIPHERS] : [] },
    hmac: { prepend: [], remove: [...LEGACY_MACS], append: legacy ? [...LEGACY_MACS] : [] },
    compress: ['none'],
  };
}

const GROUP_EXCHANGE = 'diffie-hellman-group-exchange-sha256';

const LEGACY_KEX = [
  'diffie-hellman-group14-sha1',
  'diffie-hellman-group-exchange-sha1',
  'diffie-hellman-group1-sha1',
] as const;

const LEGACY_CIPHERS = ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', '3des-cbc'] as const;

const LEGACY_MACS = ['hmac-sha1-etm@openssh.com', 'hmac-sha1'] as const;
