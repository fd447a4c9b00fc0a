import type { EngineVm } from '../../engine/client/vms.ts';
import { type CustomProperty, differencesOf, type PropertyWish } from '../../engine/custom-properties.ts';
import type { FoundVm } from './find-vms.ts';

/**
 * Whether a VM that is not down runs with another value of a property that is wished for; where nothing is wished for,
 * whether anything at all waits for its next start.
 */
export function isPending(
  { status, properties, nextRun }: EngineVm,
  wanted: readonly CustomProperty[],
  wishes: readonly PropertyWish[],
): boolean {
  const differences = differencesOf(properties, wanted);
  return (
    status !== 'down' &&
    (wishes.length === 0 ? nextRun || differences.length > 0 : differences.some(isNamed(wishes)))
  );
}

/** Whether something waits for a VM's next start that is none of the wishes: a restart for these brings it too. */
export function othersWait(
  { now, next }: Pick<FoundVm, 'now' | 'next'>,
  wishes: readonly PropertyWish[],
): boolean {
  const differences = differencesOf(now.properties, next.properties);
  return (
    wishes.length > 0 &&
    now.nextRun &&
    now.status !== 'down' &&
    !(differences.length > 0 && differences.every(isNamed(wishes)))
  );
}

function isNamed(wishes: readonly PropertyWish[]): (one: { readonly name: string }) => boolean {
  const names = new Set(wishes.map(({ name }) => name));
  return ({ name }) => names.has(name);
}

/** Why a VM is left out altogether: the engine's own has no next start that the engine could give properties to. */
export function leftOut({ now: { origin = '', name } }: FoundVm): string | undefined {
  return ['hosted_engine', 'managed_hosted_engine'].includes(origin) || name === 'HostedEngine'
    ? 'the engine itself runs in this VM'
    : undefined;
}

/** Why a VM is not restarted, though its properties are set. */
export function noRestart({
  now: { deleteProtected, pooled, status },
}: Pick<FoundVm, 'now'>): string | undefined {
  if (deleteProtected) {
    return 'it is protected from deletion';
  }
  if (pooled) {
    return 'it is of a pool, and goes back to that when it goes down';
  }
  return status === 'up' ? undefined : `it is ${status}, not up`;
}

/** What a VM loses when it goes down, whoever starts it again. */
export function lostAtShutdown({ stateless, runOnce }: EngineVm): string[] {
  return [
    ...(stateless ? ['what its guest has written (stateless)'] : []),
    ...(runOnce ? ['what it was started with once (run once)'] : []),
  ];
}
