import { InputError } from '../../core/input-error.ts';
import { totals } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { planLines, resultLines } from '../../report/vm/vm-lines.ts';
import { exitCode } from '../../run/exit-code.ts';
import { confirm } from '../terminal/confirm.ts';
import { pageLook, printDocument } from '../terminal/page.ts';
import { canAsk } from '../terminal/questions.ts';
import { runVms, untouched } from '../vm/run-vms.ts';
import { readSetWords } from '../vm/vm-words.ts';
import { withEngine } from '../vm/with-engine.ts';
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
  return withEngine('vnic set', options, async (api, { stop }) => {
    const found = await findProfiles(api, patterns);
    const plans = found.map(one => ({ label: one.label, changes: planProfile(one, wish), notes: [] }));
    const due = plans.filter(({ changes }) => changes.length > 0);
    const asks = due.length > 0 && !options.check && canAsk(options);
    if (asks) {
      process.stderr.write(`${planLines(due, makePaint(process.stderr, process.env)).join('\n')}\n`);
    }
    const question = due.length === 1 ? 'Change this profile?' : `Change these ${due.length} profiles?`;
    const agreed = !options.check && (!asks || (await confirm(question, stop)));
    const run = await runVms('vnic set', found, { serial: 1, stop }, async one => {
      const changes = planProfile(one, wish);
      return agreed && changes.length > 0
        ? changeProfile(api, one, wish)
        : { ...untouched(one, changes.length > 0 ? 'drifted' : 'ok', null), changes };
    });
    const code = exitCode(run);
    if (options.json) {
      printDocument('vnic set', {
        exitCode: code,
        totals: totals(run),
        stopped: run.stopped,
        profiles: Object.fromEntries(run.hosts),
      });
    } else {
      const results = [...run.hosts].map(([label, result]) => ({ label, ...result }));
      process.stdout.write(`${resultLines('vNIC profile', results, pageLook()).join('\n')}\n`);
    }
    return code;
  });
}
