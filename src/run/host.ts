import type { Change } from '../core/change.ts';
import type { Phase } from '../core/event.ts';
import { HostError } from '../core/failure.ts';
import type { HostResult } from '../core/host-result.ts';
import { lastLines } from '../core/last-lines.ts';
import type { Section } from '../core/section.ts';
import type { Session } from '../remote/session.ts';
import type { BoundResource } from '../resources/bound.ts';
import type { Blocked, Step } from '../resources/resource.ts';
import { hostLockStep, type PlanBasis, STALE_PLAN } from './host-lock.ts';
import { type HostPlan, notesOf, planHost } from './host-plan.ts';

/** What a run does with a host once it is reached. */
export interface HostWork {
  readonly resources: readonly BoundResource[];
  /** Whether to change anything; without it the plan is the result. */
  readonly apply: boolean;
  readonly become: boolean;
  /** Who changes the host, for another one who finds it locked. */
  readonly holder: string;
  /** Aborted when connections are to be closed at once. */
  readonly abort: AbortSignal;
}

export type OnPhase = (phase: Phase, step?: string) => void;

type Worked = Pick<HostResult, 'outcome' | 'changes' | 'error' | 'notes'>;

const LOCK_WAIT_SECONDS = 60;

// How often a plan is made anew because another hookfleet changed the host meanwhile.
const MOST_PLANS = 5;

/**
 * Probes a host, and where `apply` is wanted and something differs, changes it and probes again. One exec for a host
 * that is as it should be, three for one that is changed. Changes that were made are in the result even if a later one
 * failed.
 *
 * @throws {HostError} where the host could not be probed at all.
 */
export async function workOnHost(session: Session, work: HostWork, onPhase: OnPhase): Promise<Worked> {
  onPhase('probing');
  let plan = await planHost(session, work.resources, work.become);
  if (!work.apply) {
    const changes = [...plan.changes, ...plan.blocked.map(({ change }) => change), ...plan.unmanaged];
    const notes = [...new Set([...plan.notes, ...plan.blocked.map(blockedNote)])];
    return { outcome: changes.length === 0 ? 'ok' : 'drifted', changes, error: null, notes };
  }
  let goneHolder = '';
  for (let plansLeft = MOST_PLANS; plan.changes.length > 0; plansLeft -= 1) {
    const changed = await change(session, work, plan, { lastHolder: plan.lastHolder, goneHolder }, onPhase);
    if (!('staleBecauseOf' in changed)) {
      return changed;
    }
    if (plansLeft === 1) {
      return neverAlone(changed.staleBecauseOf, plan);
    }
    goneHolder = changed.staleBecauseOf;
    onPhase('probing');
    plan = await planHost(session, work.resources, work.become);
  }
  return plan.blocked.length > 0
    ? failedToVerify([], plan)
    : { outcome: 'ok', changes: [], error: null, notes: notesOf(plan) };
}

async function change(
  session: Session,
  work: HostWork,
  plan: HostPlan,
  basis: PlanBasis,
  onPhase: OnPhase,
): Promise<Worked | { readonly staleBecauseOf: string }> {
  const due = plan.parts.filter(part => part.changes.length > 0);
  const steps = [hostLockStep(work.holder, LOCK_WAIT_SECONDS, basis), ...due.flatMap(part => part.steps())];
  onPhase('changing', steps[0]?.title);
  const made: Change[] = [];
  let current = steps[0];
  try {
    const replies = await session.run(
      steps.map(step => step.script),
      {
        become: work.become,
        timeoutSeconds: steps.reduce((sum, step) => sum + step.timeoutSeconds, 0),
        stopAtFailure: true,
        guarded: true,
        onSection(index, section) {
          if (section.exitCode === 0) {
            made.push(...(current?.made?.(section) ?? current?.changes ?? []));
            current = steps[index + 1];
            onPhase('changing', current?.title);
          }
        },
      },
    );
    const failed = replies.findIndex(reply => reply.exitCode !== 0);
    const [step, reply] = [steps[failed], replies[failed]];
    if (failed === 0 && reply?.exitCode === STALE_PLAN) {
      return { staleBecauseOf: reply.stdout };
    }
    if (step && reply) {
      throw stepFailed(step, reply);
    }
    onPhase('verifying');
    const left = await planHost(session, work.resources, work.become);
    return left.changes.length === 0 && left.blocked.length === 0
      ? { outcome: made.length === 0 ? 'ok' : 'changed', changes: made, error: null, notes: notesOf(left) }
      : failedToVerify(made, left);
  } catch (error) {
    if (work.abort.aborted) {
      return interrupted(made, current?.title ?? 'verify', plan);
    }
    if (error instanceof HostError) {
      const step = error.failure.step === 'script' ? (current?.title ?? 'verify') : error.failure.step;
      return {
        outcome: error.outcome,
        changes: made,
        error: { ...error.failure, step },
        notes: notesOf(plan),
      };
    }
    throw error;
  }
}

function stepFailed(step: Step, reply: Section): HostError {
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

function interrupted(made: readonly Change[], step: string, plan: HostPlan): Worked {
  const { failure } = new HostError('failed', {
    kind: 'interrupted',
    step,
    message:
      'Interrupted while it was changed: the step that was running ends on the host, no further one begins',
    hint: 'Run this again: it goes on from what is there.',
  });
  return { outcome: 'cancelled', changes: made, error: failure, notes: notesOf(plan) };
}

function neverAlone(holder: string, plan: HostPlan): Worked {
  const { failure } = new HostError('failed', {
    kind: 'busy',
    step: 'take the lock of this host',
    message: `Another hookfleet changes this host again and again: ${holder.split('\n')[0] || 'unknown'}`,
    hint: 'Let the other one end, then run this again.',
  });
  return { outcome: 'failed', changes: [], error: failure, notes: notesOf(plan) };
}

/** What is left after the change, or could not be changed in the first place: the host is not as it should be. */
function failedToVerify(made: readonly Change[], plan: HostPlan): Worked {
  const { changes, blocked } = plan;
  const left = [
    ...blocked.map(({ message }) => message),
    ...changes.map(
      ({ resource, id, action, before }) =>
        `${resource} ${id}: ${action} is still due (${before ?? 'absent'})`,
    ),
  ];
  const { failure } = new HostError('failed', {
    kind: 'verify',
    step: 'verify',
    message: [...new Set(left)].join('; '),
    hint:
      blocked[0]?.hint ?? 'Something on the host undoes the change, or it did not take: run check with -v.',
  });
  return { outcome: 'failed', changes: made, error: failure, notes: notesOf(plan) };
}

function blockedNote({ message, hint }: Blocked): string {
  return `${message}. ${hint}`;
}
