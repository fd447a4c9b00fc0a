import { InputError } from '../../core/input-error.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { totals } from '../../report/json.ts';
import { totalsText } from '../../report/runs/runs.ts';
import { count, hostsText } from '../../report/words.ts';
import type { RunAsked } from '../../run/record-line.ts';
import type { FleetCommand } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';
import { aboutRun, findRun, type RunFilter } from './find-run.ts';
import { inventoryPath, playbookOf } from './record-asked.ts';
import { recordFolder } from './record-place.ts';
import { readRerun } from './rerun-words.ts';

/** The hosts that `--rerun` leaves a run. */
export interface Rerun {
  readonly hosts: ReadonlySet<string>;
  /** The option as it names the same hosts later on, when there are newer runs. */
  readonly text: string;
  /** Which hosts of which run these are, for the user. */
  readonly note: string;
}

/**
 * Finds the hosts that an earlier run has left in some outcome. `last` is the last run with the same command, playbook
 * (or hooks) and inventory; where there is none, the last run.
 *
 * @returns undefined without `--rerun`.
 * @throws {InputError} where there is no such run, and where it has no such host, with what it has.
 */
export async function resolveRerun(
  command: Pick<FleetCommand, 'name' | 'words'>,
  options: FleetOptions,
  inventory: Inventory,
): Promise<Rerun | undefined> {
  const words = options.rerun === undefined ? undefined : readRerun(options.rerun);
  if (words === undefined) {
    return undefined;
  }
  const { outcomes } = words;
  const folder = recordFolder(options, process.env);
  const record = await findRun(folder, words.run, await likeThis(command, options));
  const { asked, result } = record;
  const names = [...result.hosts]
    .filter(([, { outcome }]) => outcomes.includes(outcome))
    .map(([name]) => name);
  const known = names.filter(name => inventory.hosts.has(name));
  const gone = names.filter(name => !inventory.hosts.has(name));
  const which = outcomes.join(' or ');
  const run = `run ${asked.id} (${aboutRun(asked)})`;
  if (known.length === 0) {
    throw new InputError([
      {
        message:
          names.length === 0
            ? `No host was ${which} in ${run}`
            : `No host that was ${which} in ${run} is in the inventory: ${hostsText(names)}`,
        hint: `It has ${totalsText(totals(result))}. hookfleet runs shows the others.`,
      },
    ]);
  }
  const missing = gone.length === 0 ? '' : `; no longer in the inventory: ${hostsText(gone)}`;
  return {
    hosts: new Set(known),
    text: `${outcomes.join(',')}:${asked.id}`,
    note: `--rerun leaves ${count(known.length, 'host')}, ${which} in ${run}${missing}`,
  };
}

/** The options with the run named by its id, so that the command to type next means the same hosts. */
export function withRerun<O extends FleetOptions>(options: O, rerun: Rerun | undefined): O {
  return rerun === undefined ? options : { ...options, rerun: rerun.text };
}

/** Runs of the same command, about the same, on the same inventory. */
async function likeThis(
  { name, words }: Pick<FleetCommand, 'name' | 'words'>,
  { inventory }: FleetOptions,
): Promise<RunFilter> {
  const playbook = name === 'apply' || name === 'check' ? await playbookOf(words[0] ?? '') : null;
  const key = (one: Pick<RunAsked, 'command' | 'words' | 'playbook' | 'inventory'>) =>
    JSON.stringify([one.command, one.playbook?.file ?? one.words, one.inventory]);
  const mine = key({ command: name, words, playbook, inventory: inventory.map(inventoryPath) });
  return asked => key(asked) === mine;
}
