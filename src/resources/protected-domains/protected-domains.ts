import type { Resource } from '../resource.ts';
import { diffProtected, diffUnprotected } from './protected-diff.ts';
import { type ProtectedDomainsFound, readProtected } from './protected-found.ts';
import { notesOn } from './protected-notes.ts';
import { protectedProbe } from './protected-probe.ts';
import { brokenProofs, refusals } from './protected-refusals.ts';
import { protectedSteps } from './protected-steps.ts';
import { KIND, LIST, type ProtectedDomainsWanted, RULES } from './protected-wanted.ts';

/**
 * Domains that nobody but root can stop: libvirt’s access control through polkit, with rules that deny what stops them
 * and grant all else to those who use libvirt. A host on which somebody would be locked out is left as it is.
 */
export const protectedDomainsResource: Resource<ProtectedDomainsWanted, ProtectedDomainsFound> = {
  kind: KIND,

  probe: protectedProbe,

  read: readProtected,

  diff(wanted, found) {
    const refused = refusals(wanted, found);
    if (refused.length > 0) {
      return { changes: [], blocked: refused, notes: notesOn(wanted, found, []) };
    }
    const changes = wanted.domains.length > 0 ? diffProtected(wanted, found) : diffUnprotected(found);
    return {
      changes,
      blocked: wanted.domains.length > 0 ? brokenProofs(found) : [],
      notes: notesOn(wanted, found, changes),
    };
  },

  apply: protectedSteps,

  subjects: () => [LIST, RULES, ''].map(id => ({ resource: KIND, id })),
};
