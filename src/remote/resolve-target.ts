import type { Host } from '../core/host.ts';
import { type Hop, parseHops } from '../core/jump.ts';
import type { Secret } from '../core/secret.ts';
import { unreachable, where } from './attempt.ts';
import type { SshConfig } from './ssh-config/ssh-config.ts';
import type { SshSettings } from './ssh-config/ssh-settings.ts';
import { plainTarget, type Target } from './target.ts';

/** What holds for jump hosts, of which the inventory says nothing. */
export interface JumpDefaults
  extends Pick<Host, 'hostKeyChecking' | 'sshAlgorithms' | 'connectTimeoutSeconds'> {
  /** For one that takes no key. */
  readonly password?: Secret | undefined;
}

export interface ResolveOptions {
  readonly config: SshConfig;
  readonly jumpDefaults?: JumpDefaults;
  /** The known_hosts files are named on the command line, which is more than ssh_config says. */
  readonly knownHostsNamed?: boolean;
}

/**
 * Decides what the inventory and the command line leave open of a host, as ssh does: ssh_config, then the defaults. Its
 * jump hosts are found in the same way; the login user that the command line names is not for them, as for ssh.
 *
 * @throws {HostError} of outcome `unreachable`, kind `ssh-config` or `jump-host`.
 */
export function targetResolver({
  config,
  jumpDefaults = {},
  knownHostsNamed = false,
}: ResolveOptions): (host: Host) => Promise<Target> {
  return host => resolve(host, plainTarget(host), []);

  /** @param way what is behind it already, so that it must not come again. */
  async function resolve(host: Host, plain: Target, way: readonly Target[]): Promise<Target> {
    const settings = await config.settingsFor({
      address: host.address,
      port: host.port,
      user: host.user,
      jumps: host.jump !== undefined,
    });
    const target = withSettings(host, plain, settings, knownHostsNamed);
    refuseLoop(way, target);
    if (host.jump === undefined && settings.proxyCommand !== undefined) {
      throw unreachable(
        'ssh-config',
        `ssh_config has a ProxyCommand for ${where(target)}, which is not supported`,
        'write ProxyJump in its place, or name the jump host with --jump',
      );
    }
    const hops = await resolveHops(host.jump ?? settings.proxyJump ?? 'none', [...way, target]);
    return { ...target, jumps: hops };
  }

  async function resolveHops(text: string, way: readonly Target[]): Promise<readonly Target[]> {
    const passed: Target[] = [];
    for (const [index, hop] of readHops(text).entries()) {
      const { password, ...defaults } = jumpDefaults;
      // Only the first has a way of its own; to each further one those before it are the way.
      const host = { name: hop.address, ...hop, ...defaults, ...(index === 0 ? {} : { jump: 'none' }) };
      const plain: Target = { ...plainTarget(host), role: 'jump', password };
      const target = await resolve(host, plain, [...way, ...passed]);
      passed.push(...target.jumps);
      passed.push({ ...target, jumps: [...passed] });
    }
    return passed;
  }
}

function withSettings(host: Host, plain: Target, settings: SshSettings, knownHostsNamed: boolean): Target {
  const { connectTimeoutSeconds } = settings;
  const address = settings.hostName ?? plain.address;
  const knownHostsFiles = knownHostsNamed ? undefined : settings.knownHostsFiles;
  return {
    ...plain,
    address,
    port: settings.port ?? plain.port,
    user: settings.user ?? plain.user,
    knownAs: settings.hostKeyAlias ?? address,
    // They add up, as in ssh.
    identityFiles:
      plain.identityFiles === undefined
        ? settings.identityFiles
        : [...new Set([...plain.identityFiles, ...(settings.identityFiles ?? [])])],
    identitiesOnly: host.identitiesOnly ?? settings.identitiesOnly ?? false,
    agentSocket: settings.agentSocket,
    knownHostsFiles: plain.knownHostsFiles ?? knownHostsFiles,
    hostKeyChecking: host.hostKeyChecking ?? settings.hostKeyChecking ?? 'strict',
    connectTimeoutMs:
      plain.connectTimeoutMs ??
      (connectTimeoutSeconds === undefined ? undefined : connectTimeoutSeconds * 1000),
  };
}

function readHops(text: string): readonly Hop[] {
  const hops = parseHops(text);
  if (hops === undefined) {
    throw unreachable(
      'jump-host',
      `jump hosts that cannot be read: ${text}`,
      'they read [user@]host[:port], several with commas, an IPv6 address in brackets',
    );
  }
  return hops;
}

function refuseLoop(way: readonly Target[], target: Target): void {
  const first = way.findIndex(passed => endpoint(passed) === endpoint(target));
  if (first !== -1) {
    const circle = [...way.slice(first), target].map(({ name }) => name);
    throw unreachable(
      'jump-host',
      `the jump hosts lead in a circle: ${circle.join(' <- ')}`,
      'a jump host needs a way of its own: ProxyJump none for it in ssh_config, or ansible_ssh_common_args="-J none"',
    );
  }
}

function endpoint({ user, address, port }: Target): string {
  return `${user}@${address.toLowerCase()}:${port}`;
}
