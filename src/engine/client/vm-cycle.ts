import { setTimeout as sleep } from 'node:timers/promises';
import { HostError } from '../../core/failure.ts';
import type { EngineApi } from './api.ts';
import { EngineApiError } from './engine-api-error.ts';
import { askVm, type EngineVm, getVm } from './vms.ts';

export interface CycleOptions {
  /** How long a VM may take to go down, and again to come up. */
  readonly timeoutSeconds: number;
  /** Ends the waiting; what the VM was asked to do goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Hears what is asked of it, and every new status. */
  readonly say?: ((what: string) => void) | undefined;
  /** Called when the engine has taken what it was asked for: from then on it happens. */
  readonly taken?: (() => void) | undefined;
}

/**
 * Shuts a VM down by way of its guest (ACPI, or the guest agent), and waits until it is down. It is never powered off.
 *
 * @returns the VM as it is then.
 * @throws {HostError} `vm-still-up` where the guest does not react, `vm-not-down` where it is still on its way.
 * @throws {EngineApiError}
 */
export async function shutDown(api: EngineApi, id: string, options: CycleOptions): Promise<EngineVm> {
  options.say?.('shutting down');
  await askVm(api, id, 'shutdown');
  options.taken?.();
  let wasGoing = false;
  const last = await poll(api, id, { ...options, from: 'up' }, ({ status }) => {
    wasGoing ||= status === 'powering_down';
    return status === 'down' || (wasGoing && status === 'up');
  });
  if (last?.status === 'down') {
    return last;
  }
  if (last !== undefined && last.status !== 'up') {
    throw new HostError('failed', {
      kind: 'vm-not-down',
      step: 'shut down',
      message: `The VM was asked to shut down and is ${last.status}, not down, after ${options.timeoutSeconds} seconds`,
      hint: 'It was not powered off, and may go down yet. Its new properties wait for its next start.',
    });
  }
  throw new HostError('failed', {
    kind: 'vm-still-up',
    step: 'shut down',
    message: wasGoing
      ? 'The guest was asked to shut down and has not done it'
      : `The VM was asked to shut down and is ${last?.status ?? 'not answered for'}`,
    hint: 'It was not powered off. Shut it down from within the guest (or look why it ignores ACPI: acpid, qemu-guest-agent), then run this again. Its new properties wait for its next start.',
  });
}

/**
 * Starts a VM and waits until it is up.
 *
 * @throws {HostError} `vm-not-up` where it does not come up. @throws {EngineApiError}
 */
export async function startUp(api: EngineApi, id: string, options: CycleOptions): Promise<void> {
  options.say?.('starting');
  await askToStart(api, id, options);
  options.taken?.();
  await waitUntilUp(api, id, options);
}

/**
 * Asks until the engine has taken it: one that is restarted in between comes back, and a VM must not stay down for that.
 * Where nobody can tell whether it was taken, the VM tells.
 */
async function askToStart(api: EngineApi, id: string, options: CycleOptions): Promise<void> {
  const { timeoutSeconds, signal } = options;
  const until = performance.now() + timeoutSeconds * 1000;
  const left = () => until - performance.now();
  for (let isAgain = false; ; isAgain = true) {
    try {
      return await askVm(api, id, 'start');
    } catch (error) {
      if (isAgain && error instanceof EngineApiError && error.status === 409) {
        return;
      }
      if (!isPassing(error) || left() <= 0) {
        throw error;
      }
    }
    await sleep(
      Math.min(LONGEST_PAUSE, Math.max(0, left())),
      undefined,
      signal === undefined ? {} : { signal },
    );
    const seen = await poll(
      api,
      id,
      { timeoutSeconds: Math.max(0, left()) / 1000, signal, from: 'down' },
      () => true,
    );
    if (seen !== undefined && seen.status !== 'down') {
      return;
    }
  }
}

/**
 * Waits until a VM is up that was started.
 *
 * @throws {HostError} `vm-not-up` where it does not come up. @throws {EngineApiError}
 */
export async function waitUntilUp(api: EngineApi, id: string, options: CycleOptions): Promise<void> {
  let downs = 0;
  let wasStarting = false;
  const last = await poll(api, id, { ...options, from: 'down' }, ({ status }) => {
    wasStarting ||= status !== 'down';
    // The engine tries one host after the other, and in between the VM is down.
    downs = status === 'down' && wasStarting ? downs + 1 : 0;
    return status === 'up' || downs >= DOWN_FOR_GOOD;
  });
  if (last?.status === 'up') {
    return;
  }
  const status = last?.status ?? 'not answered for';
  throw new HostError('failed', {
    kind: 'vm-not-up',
    step: 'start',
    message:
      status === 'down'
        ? 'The VM was started and is down again'
        : `The VM was started and is ${status}, not up, after ${options.timeoutSeconds} seconds`,
    hint: "Look at the engine's events of this VM, and on the host at vdsm.log: a hook that fails keeps a VM from starting (Hook Error).",
  });
}

/** How many looks in a row have to find a VM down that was starting. */
const DOWN_FOR_GOOD = 4;
/** Pauses between two looks, in milliseconds: each one half as long again as that before it. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 2000;

/**
 * Looks at a VM until it is as wanted, or the time is over. That the engine does not answer for a while, or trips as it
 * starts, is no reason to give up.
 *
 * @param options with the status that it has at the beginning, which is not told.
 * @returns how it was at the last look; undefined where the engine has not answered to the end.
 */
export async function poll(
  api: EngineApi,
  id: string,
  { timeoutSeconds, signal, say, from }: CycleOptions & { readonly from: string },
  isEnough: (vm: EngineVm) => boolean,
): Promise<EngineVm | undefined> {
  const until = performance.now() + timeoutSeconds * 1000;
  let last: EngineVm | undefined;
  let told = from;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(1.5 * pause, LONGEST_PAUSE)) {
    try {
      const seen = await getVm(api, id);
      if (seen.status !== told) {
        say?.(seen.status.replaceAll('_', ' '));
      }
      told = seen.status;
      last = seen;
      if (isEnough(seen)) {
        return seen;
      }
    } catch (error) {
      if (!isPassing(error) || performance.now() >= until) {
        throw error;
      }
    }
    const left = until - performance.now();
    if (left <= 0) {
      return last;
    }
    await sleep(Math.min(pause, left), undefined, signal === undefined ? {} : { signal });
  }
}

/** Whether it may well be answered later: no answer, half of one, or trouble within the engine. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof EngineApiError &&
    (['engine-unreachable', 'engine-timeout', 'engine-answer'].includes(error.failure.kind) ||
      (error.status ?? 0) >= 500)
  );
}
