import type { Change } from '../../core/change.ts';
import type { PackagePlan } from '../package/package-plan.ts';
import { comesWith, explainRisk, type RiskFound } from './host-risks.ts';
import type { HookWanted } from './vdsm-hook.ts';

/** A probe that says nothing is no permission. */
const UNTOLD: RiskFound = { because: 'Whether it is safe cannot be told from this host', mayCome: false };

/**
 * A hook's plan on a host where it can keep VMs from starting. Where what it needs can come together with it, both are
 * installed or neither; else it is refused, and with it the whole host: nothing there is changed. Where it is installed
 * already, that is drift that a person must mend.
 */
export function heedRisk(
  plan: PackagePlan,
  { name, risk, state }: HookWanted,
  found: RiskFound | undefined,
  isInstalled: boolean,
): PackagePlan {
  if (risk === undefined || state === 'absent') {
    return plan;
  }
  const { because, mayCome, note } = found ?? UNTOLD;
  if (because === undefined) {
    return note === undefined ? plan : { ...plan, notes: [...plan.notes, note] };
  }
  if (isInstalled) {
    const change: Change = {
      resource: 'vdsm-hook',
      id: name,
      action: 'risk',
      before: because,
      after: 'VMs can start',
    };
    return { ...plan, blocked: [...plan.blocked, { change, ...explainRisk(name, risk, because, true) }] };
  }
  if (mayCome) {
    return {
      ...plan,
      notes: [...plan.notes, `${because}: ${name} is installed only together with ${comesWith(risk)}`],
    };
  }
  return {
    changes: [],
    blocked: [
      ...plan.blocked,
      ...plan.changes.map(change => ({
        change,
        ...explainRisk(name, risk, because, false),
        refusesHost: true as const,
      })),
    ],
    notes: plan.notes,
  };
}
