import type { Change } from '../core/change.ts';
import type { EngineBefore } from '../core/engine-values.ts';
import type { Phase } from '../core/event.ts';
import { type Failure, HostError } from '../core/failure.ts';
import type { HostResult } from '../core/host-result.ts';
import type { Outcome } from '../core/outcome.ts';
import { SCRIPT_LIMITS, type ScriptLimits } from '../core/script-limits.ts';
import type { Session } from '../remote/script/session.ts';
import type { BoundResource } from '../resources/bound.ts';
import type { Blocked, Step } from '../resources/resource.ts';
import { type EngineLock, engineLockFor } from './engine-lock.ts';
import { hostLockStep, type PlanBasis, STALE_PLAN } from './host-lock.ts';
import { type HostPlan, notesOf, planHost, seenOn } from './host-plan.ts';
import { settle } from './settle.ts';
import { notShown, type Shown } from './shown.ts';
import {
  atStep,
  interruptedAt,
  isRefused,
  neverAlone,
  notAgreedTo,
  notConverged,
  refused,
  stepFailed,
} from './troubles.ts';
import { runVerifyCommand, type VerifyCommand } from './verify-command.ts';

/** What a run does with a host once it is reached. */
export interface HostWork {
  readonly resources: readonly BoundResource[];
  /** Whether to change anything; without it the plan is the result. */
  readonly apply: boolean;
  readonly become: boolean;
  /** Who changes the host, for another one who finds it locked. */
  readonly holder: string;
  /** The id of the run. */
  readonly runId: string;
  /** How long a lock that another one has is waited for. */
  readonly lockWaitSeconds: number;
  /** How long the host may take; the program's own limits unless given. */
  readonly limits?: ScriptLimits | undefined;
  /** What the user agreed to; undefined where nobody was asked. */
  readonly shown?: Shown | undefined;
  /** Asked of the host once it is as it should be, also where nothing had to be changed. */
  readonly verify?: VerifyCommand | undefined;
  /** Aborted when connections are to be closed at once. */
  readonly abort: AbortSignal;
}

export type OnPhase = (phase: Phase, step?: string) => void;

export type Worked = Omit<HostResult, 'ms'>;

/** With the last look at the host. */
interface Converged {
  readonly worked: Worked;
  readonly plan: HostPlan;
}

// How often a plan is made anew because another hookfleet changed the host meanwhile.
const MOST_PLANS = 5;

/**
 * Probes a host, and where `apply` is wanted and something differs, changes it and probes again. One exec for a host
 * that is as it should be, three for one that is changed, and one more for a play's own verification. What belongs to a
 * resource elsewhere is seen to before that one. Changes that were made are in the result even if a later one failed.
 *
 * @throws {HostError} where the host could not be probed at all: then nothing was changed.
 */
export async function workOnHost(session: Session, work: HostWork, onPhase: OnPhase): Promise<Worked> {
  const { verify } = work;
  const converged = await converge(session, work, onPhase);
  const worked = await settle(converged.worked, converged.plan, work, onPhase);
  if (!work.apply || verify === undefined || worked.error !== null) {
    return worked;
  }
  onPhase('verifying', 'verify');
  try {
    const error = await runVerifyCommand(session, verify, work.become);
    return error === null ? worked : { ...worked, outcome: 'failed', error };
  } catch (error) {
    if (work.abort.aborted) {
      return { ...worked, outcome: 'cancelled', error: interruptedAt('verify') };
    }
    if (error instanceof HostError) {
      return { ...worked, outcome: error.outcome, error: { ...error.failure, step: 'verify' } };
    }
    throw error;
  }
}

async function converge(session: Session, work: HostWork, onPhase: OnPhase): Promise<Converged> {
  onPhase('probing');
  let plan = await planHost(session, work.resources, work.become, work.limits);
  if (!work.apply) {
    const changes = [...plan.changes, ...plan.blocked.map(({ change }) => change), ...plan.unmanaged];
    const notes = [...new Set([...plan.notes, ...plan.blocked.map(blockedNote)])];
    const outcome = changes.length === 0 ? 'ok' : 'drifted';
    return { worked: { outcome, changes, error: null, notes, ...seenOn(plan) }, plan };
  }
  let goneHolder = '';
  for (let plansLeft = MOST_PLANS; plan.changes.length > 0 && !isRefused(plan); plansLeft -= 1) {
    const unseen = work.shown ? notShown(plan.changes, work.shown) : [];
    if (unseen.length > 0) {
      return failed([], notAgreedTo(unseen), plan);
    }
    const changed = await change(session, work, plan, { lastHolder: plan.lastHolder, goneHolder }, onPhase);
    if (!('staleBecauseOf' in changed)) {
      return changed;
    }
    if (plansLeft === 1) {
      return failed([], neverAlone(changed.staleBecauseOf), plan);
    }
    goneHolder = changed.staleBecauseOf;
    onPhase('probing');
    plan = await planHost(session, work.resources, work.become, work.limits);
  }
  if (isRefused(plan)) {
    return failed([], refused(plan), plan);
  }
  return plan.blocked.length > 0 ? failed([], notConverged(plan), plan) : done([], plan);
}

async function change(
  session: Session,
  work: HostWork,
  plan: HostPlan,
  basis: PlanBasis,
  onPhase: OnPhase,
): Promise<Converged | { readonly staleBecauseOf: string }> {
  const due = plan.parts.filter(part => part.changes.length > 0);
  const lock = engineLockFor(work.resources, { id: work.runId, holder: work.holder }, work.lockWaitSeconds);
  const steps = [
    hostLockStep(work.holder, work.lockWaitSeconds, basis),
    ...(lock ? [lock.take] : []),
    ...due.flatMap(part => part.steps()),
  ];
  onPhase('changing', steps[0]?.title);
  const made: Change[] = [];
  let saved: { readonly engineBefore?: EngineBefore } = {};
  let current = steps[0];
  try {
    const replies = await session.run(
      steps.map(step => step.script),
      {
        become: work.become,
        timeoutSeconds: steps.reduce((sum, step) => sum + secondsFor(step, work.limits), 0),
        stopAtFailure: true,
        guarded: true,
        onSection(index, section) {
          if (section.exitCode === 0) {
            made.push(...(current?.made?.(section) ?? current?.changes ?? []));
            saved = current?.saves ? { engineBefore: current.saves } : saved;
            current = steps[index + 1];
            onPhase('changing', current?.title);
          }
        },
        ...(steps.some(step => step.tells)
          ? { onLine: (index: number, line: string) => tellLine(steps[index], line, onPhase) }
          : {}),
      },
    );
    const broken = replies.findIndex(reply => reply.exitCode !== 0);
    const [step, reply] = [steps[broken], replies[broken]];
    if (broken === 0 && reply?.exitCode === STALE_PLAN) {
      return { staleBecauseOf: reply.stdout };
    }
    if (step && reply) {
      throw stepFailed(step, reply);
    }
    onPhase('verifying');
    const left = await planHost(
      session,
      work.resources,
      work.become,
      work.limits,
      lock ? [lock.giveBack] : [],
    );
    const isConverged = left.changes.length === 0 && left.blocked.length === 0;
    return withSaved(isConverged ? done(made, left) : failed(made, notConverged(left), left), saved);
  } catch (error) {
    const step = current?.title ?? 'verify';
    if (work.abort.aborted) {
      return withSaved(failed(made, interruptedAt(step), plan, 'cancelled'), saved);
    }
    if (lock && current !== steps[0]) {
      await giveBack(lock, session, work.become);
    }
    if (error instanceof HostError) {
      const { failure, outcome } = error;
      const trouble = failure.step === 'script' ? atStep(failure, step) : failure;
      return withSaved(failed(made, trouble, plan, outcome), saved);
    }
    throw error;
  }
}

function secondsFor(step: Step, { transactionSeconds } = SCRIPT_LIMITS): number {
  return step.timeoutSeconds + (step.isTransaction ? transactionSeconds : 0);
}

function tellLine(step: Step | undefined, line: string, onPhase: OnPhase): void {
  if (step?.tells) {
    onPhase('changing', `${step.title}: ${line}`);
  }
}

/** Where that does not succeed, the next run finds out that nobody has the lock any more. */
async function giveBack(lock: EngineLock, session: Session, become: boolean): Promise<void> {
  try {
    await session.run([lock.giveBack], { become, timeoutSeconds: 30, stopAtFailure: false });
  } catch (error) {
    if (!(error instanceof HostError)) {
      throw error;
    }
  }
}

function done(made: readonly Change[], plan: HostPlan): Converged {
  const outcome = made.length === 0 ? 'ok' : 'changed';
  return { worked: { outcome, changes: made, error: null, notes: notesOf(plan), ...seenOn(plan) }, plan };
}

function failed(
  changes: readonly Change[],
  error: Failure,
  plan: HostPlan,
  outcome: Outcome = 'failed',
): Converged {
  return { worked: { outcome, changes, error, notes: notesOf(plan), ...seenOn(plan) }, plan };
}

function withSaved({ worked, plan }: Converged, saved: Pick<Worked, 'engineBefore'>): Converged {
  return { worked: { ...worked, ...saved }, plan };
}

function blockedNote({ message, hint }: Blocked): string {
  return `${message}. ${hint}`;
}
