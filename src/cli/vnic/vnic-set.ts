import { InputError } from '../../core/input-error.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { runVms, untouched } from '../vm/run-vms.ts';
import { isWanted, PROFILES, tellRun } from '../vm/tell-run.ts';
import { readSetWords } from '../vm/vm-words.ts';
import { type Interrupts, withEngine } from '../vm/with-engine.ts';
import { changeProfile, planProfile } from './change-profile.ts';
import { findProfiles } from './find-profiles.ts';
import type { VnicSetOptions } from './vnic-command.ts';

/**
 * The command `vnic set`: the custom properties of vNIC profiles, the whole list of each read, merged and written back,
 * and their network filters taken away.
 *
 * @returns the exit code.
 * @throws {InputError} for words that mean nothing, and for profiles that are not there.
 */
export async function setProfiles(words: readonly string[], options: VnicSetOptions): Promise<number> {
  const { patterns, wishes } = readSetWords(words, options.unset ?? []);
  const wish = { wishes, noFilter: options.filter === false };
  if (patterns.length === 0) {
    throw new InputError([{ message: 'vnic set is told no vNIC profile', hint: 'See hookfleet vnic show.' }]);
  }
  if (wishes.length === 0 && !wish.noFilter) {
    throw new InputError([
      { message: 'vnic set is told nothing to set', hint: 'Say name=value, --unset NAME, or --no-filter.' },
    ]);
  }
  const work = async (api: EngineApi, { stop, abort }: Interrupts) => {
    const found = await findProfiles(api, patterns);
    const plans = found.map(one => ({ one, label: one.label, changes: planProfile(one, wish), notes: [] }));
    const due = plans.filter(({ changes }) => changes.length > 0);
    const question = due.length === 1 ? 'Change this profile?' : `Change these ${due.length} profiles?`;
    const agreed = await isWanted({ due: due.length, lines: due, question }, options, stop);
    const run = await runVms('vnic set', agreed ? due.map(({ one }) => one) : [], { serial: 1, stop }, one =>
      changeProfile(api, one, wish, abort),
    );
    const all = plans.map(({ one, label, changes }) => {
      const asFound = { ...untouched(one, changes.length > 0 ? 'drifted' : 'ok', null), changes };
      return [label, run.hosts.get(label) ?? asFound] as const;
    });
    return tellRun({ ...run, hosts: new Map(all) }, PROFILES, options);
  };
  return withEngine('vnic set', options, work, FINISH);
}

const FINISH =
  'Interrupted: no further profile is begun. Once more ends what is asked of the engine just now.';
