import type { Change } from '../../core/change.ts';
import { bringsAccessControl } from './protected-diff.ts';
import type { ProtectedDomainsFound } from './protected-found.ts';
import { type ProtectedDomainsWanted, STATE } from './protected-wanted.ts';

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
  const { users, trials, kept, files } = found;
  const unclear = trials.filter(({ verdict }) => verdict === 'unclear');
  return [
    NOT_COVERED,
    ...restart,
    ...missing(wanted, found),
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

/** One list is for many hosts, so most of it may be missing on each. */
function missing({ domains }: ProtectedDomainsWanted, found: ProtectedDomainsFound): string[] {
  const absent = domains.filter(domain => found.domains !== undefined && !found.domains.has(domain));
  const named = absent.slice(0, NAMED).join(', ');
  const more = absent.length > NAMED ? ` and ${absent.length - NAMED} more` : '';
  return absent.length === 0
    ? []
    : [`Not on this host, and protected once they are there, under this name or UUID: ${named}${more}`];
}

/** How many of them a note names. */
const NAMED = 5;
