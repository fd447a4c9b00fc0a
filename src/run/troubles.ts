import type { Change } from '../core/change.ts';
import { type Failure, HostError } from '../core/failure.ts';
import { lastLines } from '../core/last-lines.ts';
import type { Section } from '../core/section.ts';
import type { Step } from '../resources/resource.ts';
import type { HostPlan } from './host-plan.ts';
import { identity } from './shown.ts';

/** A step of a changing script that ended with another exit code than 0. */
export function stepFailed(step: Step, reply: Section): HostError {
  const explained = step.explain?.(reply);
  return new HostError('failed', {
    kind: 'apply',
    step: step.title,
    message: explained?.message ?? `Could not ${step.title}`,
    command: step.command ?? oneLine(step.script.shown),
    exitCode: reply.exitCode,
    stderr: lastLines(reply.stderr.trim() === '' ? reply.stdout : reply.stderr),
    hint: explained?.hint ?? null,
  });
}

/** A script of several lines is no command that a person would know again. */
function oneLine(script: string): string | null {
  const text = script.trim();
  return text.includes('\n') ? null : text;
}

/** Trouble of a changing script as a whole, told as that of the step that it was in. */
export function atStep(failure: Failure, step: string): Failure {
  return failure.kind === 'connection-lost'
    ? { ...failure, step, message: `Lost during apply, at "${step}": ${failure.message}` }
    : { ...failure, step };
}

/** The connections were closed while the host was changed. */
export function interruptedAt(step: string): Failure {
  return failure({
    kind: 'interrupted',
    step,
    message: 'Interrupted while it was changed: what ran there was ended, no further step begins',
    hint: 'Run this again: it goes on from what is there.',
  });
}

/** The host's plan was stale again and again. */
export function neverAlone(holder: string): Failure {
  return failure({
    kind: 'busy',
    step: 'take the lock of this host',
    message: `Another hookfleet changes this host again and again: ${holder.split('\n')[0] || 'unknown'}`,
    hint: 'Let the other one end, then run this again.',
  });
}

/** Something is due that the user was not shown when asked. */
export function notAgreedTo(changes: readonly Change[]): Failure {
  const kinds = [...new Set(changes.map(identity))];
  return failure({
    kind: 'not-shown',
    step: 'compare with what was shown',
    message: `The plan that you agreed to did not show what is due here now: ${kinds.join('; ')}. The host is left alone`,
    hint: 'Run this again: it shows the new plan, and asks again.',
  });
}

/** Whether something would be dangerous to go on with on this host. */
export function isRefused({ blocked }: Pick<HostPlan, 'blocked'>): boolean {
  return blocked.some(({ refusesHost }) => refusesHost);
}

/** What would be dangerous: nothing on the host was changed. */
export function refused({ blocked }: HostPlan): Failure {
  const reasons = blocked.filter(({ refusesHost }) => refusesHost);
  return failure({
    kind: 'dangerous',
    step: 'probe',
    message: `${[...new Set(reasons.map(({ message }) => message))].join('; ')}. So this play changes nothing there`,
    hint: [...new Set(reasons.map(({ hint }) => hint))].join(' '),
  });
}

/** What is left after the change, or could not be changed in the first place: the host is not as it should be. */
export function notConverged({ changes, blocked }: HostPlan): Failure {
  const left = [
    ...blocked.map(({ message }) => message),
    ...changes.map(
      ({ resource, id, action, before }) =>
        `${resource} ${id}: ${action} is still due (${before ?? 'absent'})`,
    ),
  ];
  return failure({
    kind: 'verify',
    step: 'verify',
    message: [...new Set(left)].join('; '),
    hint:
      blocked[0]?.hint ?? 'Something on the host undoes the change, or it did not take: run check with -v.',
  });
}

function failure(told: Pick<Failure, 'kind' | 'step' | 'message' | 'hint'>): Failure {
  return new HostError('failed', told).failure;
}
