import { createHash } from 'node:crypto';
import type { Host } from '../../core/host.ts';
import type { Problem } from '../../core/input-error.ts';
import type { Play } from '../../playbook/play.ts';
import { type BoundResource, bind } from '../../resources/bound.ts';
import type { LibvirtHook } from '../../resources/libvirt-hook/libvirt-hook-wanted.ts';
import { protectedDomainsResource } from '../../resources/protected-domains/protected-domains.ts';
import { VETO, VETOED } from '../../resources/protected-domains/veto-hook.ts';

interface PlayOnHosts {
  readonly play: Play;
  readonly hosts: readonly Host[];
}

/**
 * The protection of a play's domains beside its libvirt hooks. The hook that reads the list comes after the list and goes
 * before it.
 */
export function bindProtection(
  { protection }: Play,
  playbook: string,
  hooks: readonly BoundResource[],
): BoundResource[] {
  if (protection === undefined) {
    return [...hooks];
  }
  const { domains, operators } = protection;
  const bound = bind(protectedDomainsResource, { playbook, domains, operators });
  return domains.length > 0 ? [bound, ...hooks] : [...hooks, bound];
}

/** The hook that a patched libvirt asks before it stops a domain; none for a libvirt that never would. */
export function vetoHook({ protection }: Play, extraOperations: readonly string[]): LibvirtHook[] {
  if (protection === undefined) {
    return [];
  }
  const { driver, name, text } = VETO;
  const isAsked = extraOperations.includes(VETOED);
  if (protection.domains.length === 0 || !isAsked) {
    const absent = { base64: '', sha256: '', programs: [], operations: [] };
    return protection.domains.length === 0
      ? [{ driver, name, state: 'absent', dryRun: 'run', ...absent }]
      : [];
  }
  return [
    {
      ...{ driver, name, state: 'present', dryRun: 'run', operations: [VETOED] },
      base64: Buffer.from(text).toString('base64'),
      sha256: createHash('sha256').update(text).digest('hex'),
      programs: ['/bin/sh'],
      shell: '/bin/sh',
    },
  ];
}

/** Two plays for one host that each bring a list would take turns for ever. */
export function sameProtection(earlier: PlayOnHosts, later: PlayOnHosts): Problem[] {
  const first = earlier.play.protection;
  const second = later.play.protection;
  const shared = later.hosts.find(({ name }) => earlier.hosts.some(one => one.name === name));
  return first && second && shared
    ? [
        {
          place: second.place,
          message: `protected_domains of line ${first.place.line} are for ${shared.name} too, and a host has one list`,
          hint: 'Name all domains that are protected there in one play; a name that a host does not have does no harm.',
        },
      ]
    : [];
}
