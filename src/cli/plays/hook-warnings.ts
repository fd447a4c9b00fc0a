import type { Problem } from '../../core/input-error.ts';
import type { Playbook, WantedHook } from '../../playbook/play.ts';
import { compareEvr } from '../../resources/package/rpm-version.ts';
import { parseRange } from '../../resources/package/version-range.ts';

/** What should be known of the hooks of a playbook before they go to the hosts: defects, dangers, and consent that nothing asks for. */
export function hookWarnings({ plays }: Playbook): Problem[] {
  return plays.flatMap(({ vdsmHooks }) =>
    vdsmHooks.flatMap(hook => [
      ...(hook.state === 'absent' ? [] : [...defect(hook), ...danger(hook)]),
      ...idleConsent(hook),
    ]),
  );
}

function defect({ name, known, version, place }: WantedHook): Problem[] {
  if (known?.broken === undefined || isBefore(version?.text, known.brokenSince)) {
    return [];
  }
  const shipped = known.status === 'site' ? 'is broken' : 'is broken as shipped';
  return [
    {
      place,
      message: `the hook ${name} ${shipped}: ${known.broken}`,
      hint: 'Leave it out, or deploy a mended copy of its scripts as a hook of your own (source).',
    },
  ];
}

/** Whether a range of versions ends before the one that brought a defect; false where that cannot be told. */
function isBefore(range: string | undefined, brokenSince: string | undefined): boolean {
  const read = range === undefined || brokenSince === undefined ? undefined : parseRange(range);
  if (read === undefined || brokenSince === undefined || 'fault' in read) {
    return false;
  }
  return read.bounds.some(({ operator, evr }) => {
    const order = compareEvr(evr, brokenSince);
    return ['=', '<='].includes(operator) ? order < 0 : operator === '<' && order <= 0;
  });
}

/** What is refused needs no warning: nobody gets it without having read of it. */
function danger({ name, known, place }: WantedHook): Problem[] {
  return known?.danger === undefined || known.refusedWhere !== undefined
    ? []
    : [{ place, message: `the hook ${name} reaches further than its property: ${known.danger}` }];
}

function idleConsent({ name, known, state, acceptRisk, place }: WantedHook): Problem[] {
  if (!acceptRisk || (known?.refusedWhere !== undefined && state !== 'absent')) {
    return [];
  }
  const message =
    state === 'absent'
      ? `accept_risk of ${name} has no effect: the hook shall be absent`
      : `accept_risk of ${name} has no effect: no danger is known of it that would be refused`;
  return [{ place, message, hint: 'Take it out, so that it stands only where it counts.' }];
}
