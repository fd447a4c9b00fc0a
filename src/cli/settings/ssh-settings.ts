import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Host } from '../../core/host.ts';
import { parseHops } from '../../core/jump.ts';
import type { Secret } from '../../core/secret.ts';
import type { RemoteOptions } from '../../remote/remote.ts';
import type { SshConfig } from '../../remote/ssh-config/ssh-config.ts';
import type { FleetOptions } from '../options/options.ts';

type Settings = Pick<
  RemoteOptions,
  'config' | 'knownHostsNamed' | 'jumpDefaults' | 'jumpIdentityFile' | 'limits' | 'keepaliveMs'
>;

/** How hosts are reached, by the command line. */
export function sshSettings(
  options: FleetOptions,
  config: SshConfig,
  password?: Secret | undefined,
): Settings {
  const { knownHosts, privateKey, hostKeyChecking, sshAlgorithms, timeout, connectTries } = options;
  const { connectLimit, keepalive } = options;
  return {
    config,
    knownHostsNamed: knownHosts !== undefined,
    jumpIdentityFile:
      privateKey === undefined ? undefined : resolve(privateKey.replace(/^~(?=\/|$)/, () => homedir())),
    jumpDefaults: {
      password,
      ...(hostKeyChecking === undefined ? {} : { hostKeyChecking }),
      ...(sshAlgorithms === undefined ? {} : { sshAlgorithms }),
      ...(timeout === undefined ? {} : { connectTimeoutSeconds: timeout }),
    },
    limits: {
      ...(timeout === undefined ? {} : { greetingMs: timeout * 1000 }),
      ...(connectTries === undefined ? {} : { tries: connectTries }),
      ...(connectLimit === undefined ? {} : { allMs: connectLimit * 1000 }),
    },
    ...(keepalive === undefined ? {} : { keepaliveMs: keepalive * 1000 }),
  };
}

/** What ssh would be called with for hosts and their jump hosts. */
export function calledAddresses(hosts: readonly Host[]): readonly string[] {
  const hops = new Set(hosts.flatMap(({ jump }) => jump ?? []));
  const jumps = [...hops].flatMap(jump => (parseHops(jump) ?? []).map(({ address }) => address));
  return [...new Set([...hosts.map(({ address }) => address), ...jumps])];
}
