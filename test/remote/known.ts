import { type KnownHosts, knownHostsOf } from '../../src/remote/host-keys/known-hosts.ts';

/** The known hosts of a user whose only file has this text; the machine's own files do not count. */
export function knownHostsText(text: string, file = '/home/u/.ssh/known_hosts'): KnownHosts {
  return knownHostsOf({
    files: [file],
    async read(path) {
      if (path === file) {
        return text;
      }
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    },
  });
}
