import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Catalog } from '../../catalog/hooks.ts';
import type { Subject } from '../../core/change.ts';
import type { RunResult } from '../../core/host-result.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { type FleetData, fleetData, type Since } from '../../report/fleet-data.ts';
import { diffRuns } from '../../report/runs/runs-diff.ts';
import { loadAsked, loadRecord, recordIds } from '../../run/record-folder.ts';
import type { RunAsked } from '../../run/record-line.ts';
import type { RunPlay } from '../../run/run.ts';
import { fleetEngines } from '../engine/fleet-engines.ts';
import { userName } from '../engine/holder.ts';
import type { FleetCommand } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';
import { isRecorded, recordFolder } from '../runs/record-place.ts';
import { thisRun } from '../runs/this-run.ts';
import { readVersion } from '../version.ts';

/** A run of which reports are written. */
export interface ReportedRun {
  readonly command: Pick<FleetCommand, 'name' | 'words'>;
  readonly plays: readonly RunPlay[];
  /** Where the hooks are looked up; hookfleet's own catalogue unless given. */
  readonly catalog?: Catalog | undefined;
  readonly inventory: Inventory;
  readonly options: FleetOptions;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
}

/** Gathers what the reports of a run say: its result, the inventory's groups, the run before. */
export async function reportData(run: ReportedRun, result: RunResult, exitCode: number): Promise<FleetData> {
  const { command, plays, catalog, inventory, startedAt } = run;
  const names = [...result.hosts.keys()];
  return fleetData(result, {
    about: {
      hookfleet: readVersion(),
      command: command.name,
      words: command.words,
      playbook: hasPlaybook(command.name) ? resolve(command.words[0] ?? '') : command.words.join(' '),
      by: `${userName()}@${hostname()}`,
      startedAt,
      endedAt: Date.now(),
      exitCode,
    },
    subjects: subjectsOf(plays),
    groups: new Map(names.map(name => [name, inventory.hosts.get(name)?.groups ?? []])),
    engines: fleetEngines(result, catalog),
    // What is wrong with a record is no reason to report less of this run.
    since: await sinceBefore(run, result).catch(() => null),
  });
}

function hasPlaybook(command: string): boolean {
  return command === 'apply' || command === 'check';
}

function subjectsOf(plays: readonly RunPlay[]): Map<string, readonly Subject[]> {
  const subjects = new Map<string, readonly Subject[]>();
  for (const play of plays) {
    for (const host of play.hosts) {
      const here = play.resourcesOf(host).flatMap(resource => resource.subjects ?? []);
      subjects.set(host.name, [...(subjects.get(host.name) ?? []), ...here]);
    }
  }
  return subjects;
}

/** How far back the run before is looked for, in records. */
const FARTHEST = 200;

/**
 * What is otherwise than in the run before, by the records: the last one of the same playbook, or of the same words of a
 * command without one, that had all of these hosts and came to its end. Null where there is none.
 */
async function sinceBefore({ command, options }: ReportedRun, result: RunResult): Promise<Since | null> {
  if (!isRecorded(options)) {
    return null;
  }
  const folder = recordFolder(options, process.env);
  const ids = (await recordIds(folder)).filter(id => id < thisRun().id);
  for (const id of ids.slice(0, FARTHEST)) {
    const asked = await loadAsked(folder, id);
    if (asked === undefined || !isSameWork(asked, command) || !hadAll(asked, result)) {
      continue;
    }
    const record = await loadRecord(folder, id);
    if (record?.end?.interrupted === false) {
      const diff = diffRuns(record.result, result);
      const isPart = options.limit !== undefined || options.rerun !== undefined;
      return {
        startedAt: Date.parse(asked.startedAt),
        diff: isPart ? { ...diff, vanished: [] } : diff,
      };
    }
  }
  return null;
}

function isSameWork(asked: RunAsked, { name, words }: ReportedRun['command']): boolean {
  return hasPlaybook(name)
    ? asked.playbook?.file === resolve(words[0] ?? '')
    : asked.command === name && JSON.stringify(asked.words) === JSON.stringify(words);
}

function hadAll({ plays }: RunAsked, { hosts }: RunResult): boolean {
  const had = new Set(plays.flatMap(play => play.hosts));
  return [...hosts.keys()].every(name => had.has(name));
}
