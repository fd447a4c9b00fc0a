import type { Catalog } from '../../catalog/hooks.ts';
import type { Host } from '../../core/host.ts';
import { InputError, type Problem } from '../../core/input-error.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { readLimit } from '../../inventory/limit.ts';
import { localDefaults } from '../../inventory/local-defaults.ts';
import { openHosts } from '../../inventory/open-vaulted.ts';
import { limitHosts, matchHosts } from '../../inventory/patterns.ts';
import type { Play, Playbook } from '../../playbook/play.ts';
import type { BoundResource } from '../../resources/bound.ts';
import { unfinishedFiles } from '../../resources/files/unfinished-files.ts';
import type { RunPlay } from '../../run/run.ts';
import { sameProperties } from '../engine/same-engine.ts';
import type { ViewedPlay } from '../engine-view/engine-view.ts';
import { orderHosts } from '../inventory/order-hosts.ts';
import { type LimitedPlay, limitNotes } from '../options/limit-notes.ts';
import type { FleetOptions } from '../options/options.ts';
import type { Rerun } from '../runs/rerun.ts';
import { allOrProblems } from './gather-problems.ts';
import { hookWarnings } from './hook-warnings.ts';
import { sameLibvirtHooks, unknownOperations } from './prepare-libvirt.ts';
import { isOwn, type PreparedPlay, type PrepareOptions, preparePlay } from './prepare-play.ts';
import { sameProtection } from './prepare-protected.ts';
import { sameHostWarnings } from './same-host.ts';

/** What of a playbook is run. */
export interface Selection {
  readonly plays: readonly ViewedPlay[];
  /** The catalogue that the hooks were looked up in. */
  readonly catalog?: Catalog;
  /** What the playbook allows, and may not mean. */
  readonly warnings: readonly Problem[];
  /** What `--limit` leaves out, for the user. */
  readonly notes: readonly string[];
  /** Some play removes what nobody names any more: that takes a run over all of its hosts. */
  readonly needsWhole: boolean;
}

/**
 * The plays of a playbook with their hosts, as far as `--limit` and `--rerun` leave them any, and with everything that
 * they name.
 *
 * @throws {InputError} with every pattern that matches nothing, every connection variable that cannot be used and
 * everything that is wrong with a file that a play names.
 */
export async function selectPlays(
  playbook: Playbook,
  inventory: Inventory,
  options: FleetOptions,
  prepare: PrepareOptions,
  rerun?: Rerun,
): Promise<Selection> {
  const selected = await allOrProblems(
    playbook.plays.map(async play => {
      const [hosts, prepared] = await allOrProblems([
        selectHosts(play, inventory, options, rerun),
        preparePlay(play, playbook, prepare),
      ]);
      return { play, hosts, names: new Set(hosts.map(({ name }) => name)), prepared };
    }),
  );
  const problems = selected.flatMap((one, i) =>
    selected
      .slice(0, i)
      .flatMap(earlier =>
        [sameNames, sameLibvirtHooks, sameProtection, sameProperties].flatMap(clash => clash(earlier, one)),
      ),
  );
  problems.push(...selected.flatMap(unknownOperations));
  if (selected.every(({ hosts }) => hosts.length === 0)) {
    problems.push({
      message: `${limitsOf(options, rerun).join(' with ')} leaves no host in any play of ${playbook.file}`,
      hint: `Its plays are for: ${playbook.plays.map(play => play.hosts.pattern).join(' · ')}`,
    });
  }
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return {
    plays: selected
      .filter(({ hosts }) => hosts.length > 0)
      .map(one => ({
        name: one.play.name,
        hosts: one.hosts,
        become: one.play.become || (options.become ?? false),
        ...rolloutOf(one.play),
        ...(one.play.skipStates ? { skipStates: one.play.skipStates } : {}),
        resourcesOf: resourcesOf(one, selected),
      })),
    catalog: playbook.catalog,
    warnings: [
      ...playbook.warnings,
      ...hookWarnings(playbook),
      ...sameHostWarnings(selected.flatMap(({ hosts }) => hosts)),
    ],
    notes: [
      ...(rerun === undefined ? [] : [rerun.note]),
      ...limitNotes(selected.map(withAll(inventory)), limitsOf(options, rerun)),
    ],
    needsWhole: playbook.plays.some(play => play.unmanaged === 'remove' || play.vdsmHooks.some(isOwn)),
  };
}

/** What leaves a run a part of its hosts, as typed. */
function limitsOf({ limit }: FleetOptions, rerun: Rerun | undefined): readonly string[] {
  return [
    ...(limit === undefined ? [] : [`--limit ${limit}`]),
    ...(rerun === undefined ? [] : [`--rerun ${rerun.text}`]),
  ];
}

interface SelectedPlay {
  readonly play: Play;
  readonly hosts: readonly Host[];
  readonly names: ReadonlySet<string>;
  readonly prepared: PreparedPlay;
}

/** Engines are changed one after the other, and what goes wrong on one ends the play, whatever the play says of batches. */
function rolloutOf({ rollout, engine }: Play): Omit<RunPlay, 'name' | 'hosts' | 'become' | 'resourcesOf'> {
  const { serial, maxFailPercentage, maxFailed, verify, pauseSeconds, confirm } = rollout;
  return {
    serial: engine ? [{ hosts: 1 }] : serial,
    budget: engine ? { maxFailPercentage: 0, maxFailed: 0 } : { maxFailPercentage, maxFailed },
    ...(verify === undefined ? {} : { verify }),
    pauseMs: pauseSeconds * 1000,
    confirm,
  };
}

function withAll(inventory: Inventory) {
  return ({ play, names }: SelectedPlay): LimitedPlay => ({
    play,
    names,
    all: matchHosts(inventory, play.hosts.pattern, play.hosts.place),
  });
}

/** Hosts with the same other plays share their resources: they are bound once. */
function resourcesOf({ play, prepared }: SelectedPlay, all: readonly SelectedPlay[]): RunPlay['resourcesOf'] {
  const bound = new Map<string, readonly BoundResource[]>();
  return host => {
    const others = all.flatMap((other, i) => (other.play !== play && other.names.has(host.name) ? [i] : []));
    const extraOperations = host.libvirtExtraOperations ?? [];
    const key = [others.join(), ...extraOperations].join(' ');
    const resources = bound.get(key) ?? [
      unfinishedFiles,
      ...prepared(
        others.flatMap(i => all[i]?.play ?? []),
        extraOperations,
      ),
    ];
    bound.set(key, resources);
    return resources;
  };
}

/** Two plays for one host that mean different hooks by one name would take each other's files away for ever. */
function sameNames(earlier: SelectedPlay, later: SelectedPlay): Problem[] {
  const shared = later.hosts.find(({ name }) => earlier.names.has(name));
  if (shared === undefined) {
    return [];
  }
  return later.play.vdsmHooks.filter(isOwn).flatMap(hook => {
    const other = earlier.play.vdsmHooks.find(one => isOwn(one) && one.name === hook.name);
    return other && other.source?.text !== hook.source?.text
      ? [
          {
            place: hook.place,
            message: `${hook.name} is another hook in line ${other.place.line}, and both plays are for ${shared.name}`,
            hint: 'Give one of the two another name.',
          },
        ]
      : [];
  });
}

async function selectHosts(
  { hosts: { pattern, place } }: Play,
  inventory: Inventory,
  options: FleetOptions,
  rerun: Rerun | undefined,
): Promise<readonly Host[]> {
  const limited =
    options.limit === undefined
      ? matchHosts(inventory, pattern, place)
      : limitHosts(inventory, pattern, await readLimit(options.limit), place);
  const names = rerun === undefined ? limited : limited.filter(name => rerun.hosts.has(name));
  return orderHosts(await openHosts(inventory, names, localDefaults(options)), options.order ?? 'inventory');
}
