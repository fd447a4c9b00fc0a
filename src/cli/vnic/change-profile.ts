import type { Change } from '../../core/change.ts';
import { type Failure, HostError } from '../../core/failure.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { getVnicProfile, putVnicProfile, runningUsers } from '../../engine/client/vnic-profiles.ts';
import { differencesOf, mergeValues, type PropertyWish } from '../../engine/custom-properties.ts';
import { hostsText } from '../../report/words.ts';
import { changesOf, type VmResult } from '../vm/vm-result.ts';
import { interruptedAt } from '../vm/vm-trouble.ts';
import type { FoundProfile } from './find-profiles.ts';

export interface ProfileWish {
  readonly wishes: readonly PropertyWish[];
  /** Its network filter is taken away. */
  readonly noFilter: boolean;
}

/** What is to be done about a profile as it was found; empty where nothing is. */
export function planProfile(
  { profile, filter }: Pick<FoundProfile, 'profile' | 'filter'>,
  { wishes, noFilter }: ProfileWish,
): Change[] {
  const differences = differencesOf(profile.properties, mergeValues(profile.properties, wishes));
  return [
    ...changesOf('vnic-property', differences),
    ...(noFilter && profile.filter !== undefined
      ? [
          {
            resource: 'vnic-filter',
            id: 'network filter',
            action: 'remove',
            before: filter ?? null,
            after: null,
          },
        ]
      : []),
  ];
}

/**
 * The change of one profile, from the look to the verification; every trouble is told in the result.
 *
 * @param abort has ended the API's answers too.
 */
export async function changeProfile(
  api: EngineApi,
  found: FoundProfile,
  wish: ProfileWish,
  abort: AbortSignal,
): Promise<VmResult> {
  const started = performance.now();
  let changes: Change[] = [];
  const notes: string[] = [];
  let error: Failure | null = null;
  let outcome: VmResult['outcome'] = 'changed';
  try {
    const profile = await getVnicProfile(api, found.id);
    const wanted = mergeValues(profile.properties, wish.wishes);
    const planned = planProfile({ ...found, profile }, wish);
    if (planned.length > 0) {
      const toList = differencesOf(profile.properties, wanted).length > 0;
      await putVnicProfile(api, found.id, {
        ...(toList ? { properties: wanted } : {}),
        noFilter: wish.noFilter,
      });
    }
    changes = planned;
    const back = await getVnicProfile(api, found.id);
    if (planProfile({ ...found, profile: back }, wish).length > 0 || differs(wanted, back.properties)) {
      throw new HostError('failed', {
        kind: 'vnic-changed-meanwhile',
        step: 'read back',
        message: 'Somebody else has changed the profile at the same time: it is not as it was written',
        hint: 'Agree with them, and run it again.',
      });
    }
    notes.push(...(await runningNotes(api, found.id, changes)));
  } catch (trouble) {
    if (abort.aborted) {
      ({ outcome, error } = interruptedAt('as it was', ''));
    } else if (trouble instanceof HostError) {
      outcome = trouble.outcome;
      error = { ...trouble.failure, hint: trouble.failure.hint ?? hintOf(trouble.failure, found, wish) };
    } else {
      throw trouble;
    }
  }
  return {
    outcome: error === null && changes.length === 0 ? 'ok' : outcome,
    changes,
    error,
    notes,
    ms: Math.round(performance.now() - started),
    id: found.id,
    level: found.level ?? null,
    pending: notes.length > 0,
  };
}

function differs(a: Parameters<typeof differencesOf>[0], b: Parameters<typeof differencesOf>[1]): boolean {
  return differencesOf(a, b).length > 0;
}

async function runningNotes(
  api: EngineApi,
  id: string,
  changes: readonly Change[],
): Promise<readonly string[]> {
  const users = changes.length === 0 ? [] : await runningUsers(api, id);
  return users.length === 0
    ? []
    : [
        `running vNICs keep what they were started with until they are replugged, or their VM is shut down and started: ${hostsText(users.map(({ vm, vnic }) => `${vm}/${vnic}`))}`,
      ];
}

/** What the engine defines for devices its API does not show, so it judges by itself. */
function hintOf({ kind }: Failure, { level }: FoundProfile, { wishes }: ProfileWish): string | null {
  const set = wishes.flatMap(wish => ('absent' in wish ? [] : [wish.name]));
  return kind !== 'engine-fault' || set.length === 0
    ? null
    : `What counts is CustomDeviceProperties, type interface, at the data center's level${level === undefined ? '' : ` ${level}`}: hookfleet engine show lists it, and \`engine_properties: {device: {interface: {${set.join(': REGEX, ')}: REGEX}}}\` in a play defines it.`;
}
