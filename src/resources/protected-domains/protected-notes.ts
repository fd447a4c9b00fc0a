import type { Change } from '../../core/change.ts';
import { bringsAccessControl } from './protected-diff.ts';
import type { ProtectedDomainsFound } from './protected-found.ts';
import { isUuid, type ProtectedDomainsWanted, STATE } from './protected-wanted.ts';

/** What no access control can keep from ending a guest. */
const NOT_COVERED =
  'Not covered by protected_domains: root, whom polkit is not asked about (sudo virsh, qemu+ssh://root@…); a guest that powers itself off or crashes, also from its console; a kill of its process; the shutdown of the host; a client that started it with --autodestroy';

/** What a plan and a check say besides of protected domains. */
export function notesOn(
  wanted: ProtectedDomainsWanted,
  found: ProtectedDomainsFound,
  changes: readonly Change[],
): string[] {
  const restarted = changes.find(({ action }) => action === 'restart');
  const restart =
    restarted === undefined
      ? []
      : [`With a restart of ${restarted.id} guests run on, and its clients lose their connections`];
  if (wanted.domains.length === 0) {
    return restart;
  }
  const { domains, users, trials, kept, files } = found;
  const unclear = trials.filter(({ verdict }) => verdict === 'unclear');
  return [
    NOT_COVERED,
    ...restart,
    ...wanted.domains
      .filter(domain => domains !== undefined && !domains.has(domain))
      .map(
        domain =>
          `No domain of this host ${isUuid(domain) ? 'has the UUID' : 'is called'} ${domain}: it is protected once there is one`,
      ),
    ...(users.length > 0
      ? []
      : [
          `The group ${wanted.operators.join(' and ')} has no members on this host: nobody but root may change domains, and nothing was tried`,
        ]),
    ...unclear.map(
      ({ user, domain, said }) => `Whether ${user} is refused ${domain} could not be tried: ${said}`,
    ),
    ...(bringsAccessControl(found)
      ? []
      : ['Access control was on before: who may do what with other domains, the site’s own rules say']),
    ...(kept === undefined && files.size > 0 && found.grants
      ? [
          `${STATE} is gone, which told what was there before: \`protected_domains: []\` will not take the protection away`,
        ]
      : []),
  ];
}
