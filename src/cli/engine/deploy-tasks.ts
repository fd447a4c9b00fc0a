import { basename } from 'node:path';
import type { Play, Playbook, WantedHook, WantedPackage } from '../../playbook/play.ts';
import { loadPlaybook } from '../../playbook/playbook.ts';
import {
  type DeployKey,
  type DeployPackage,
  type DeployTasks,
  deployTasksText,
} from '../../resources/engine/deploy-tasks.ts';
import {
  hasSecret,
  keyPath,
  repositoryPath,
  repositoryText,
  wantedSettings,
} from '../../resources/package/repository-file.ts';
import type { RepositoryPresent } from '../../resources/package/repository-wanted.ts';
import type { CatalogOptions } from '../options/catalog-option.ts';
import { allOrProblems } from '../plays/gather-problems.ts';
import { preparePackage, preparePackagedHook } from '../plays/prepare-package.ts';
import { prepareRepository } from '../plays/prepare-repository.ts';

/** The tasks for the hosts that an engine installs, and what of the playbook they cannot bring. */
export interface PreparedTasks {
  readonly tasks: DeployTasks;
  readonly notes: readonly string[];
}

/**
 * The command `engine deploy-tasks`: prints the tasks of a playbook; contacts nobody.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the playbook.
 */
export async function printDeployTasks(file: string, { catalog }: CatalogOptions = {}): Promise<number> {
  const { tasks, notes } = await prepareDeployTasks(await loadPlaybook(file, catalog));
  for (const note of notes) {
    process.stderr.write(`note: ${note}\n`);
  }
  process.stdout.write(`---\n${deployTasksText(tasks)}`);
  return 0;
}

/**
 * What every play with hooks wants of its hosts, as tasks for a new one: repositories and packages.
 *
 * @throws {InputError} with everything that is wrong with what the plays name.
 */
export async function prepareDeployTasks(playbook: Playbook): Promise<PreparedTasks> {
  const plays = playbook.plays.filter(play => play.vdsmHooks.length > 0);
  const prepared = await allOrProblems(plays.map(prepareTasks));
  const packages = new Map(prepared.flatMap(one => one.packages).map(one => [one.name, one]));
  const repositories = new Map(prepared.flatMap(one => one.repositories).map(one => [one.id, one]));
  const closed = [...repositories.values()].filter(one => hasSecret(wantedSettings(one)));
  const open = [...repositories.values()].filter(one => !closed.includes(one));
  return {
    tasks: {
      playbook: basename(playbook.file),
      files: open.flatMap(filesOf),
      keys: open.flatMap(keysOf),
      packages: [...packages.values()],
    },
    notes: [
      ...closed.map(
        ({ id }) =>
          `the repository ${id} holds a secret: new hosts do not get it from the engine, but from apply`,
      ),
      ...plays.flatMap(play => leftOut(play)),
    ],
  };
}

async function prepareTasks(play: Play) {
  const wanted = (one: WantedPackage) => one.state !== 'absent' && one.rpm === undefined;
  const [packages, hooks, repositories] = await allOrProblems([
    allOrProblems(play.packages.filter(wanted).map(one => preparePackage(one, 0))),
    allOrProblems(
      play.vdsmHooks
        .filter(hook => wanted(hook) && hook.source === undefined && !isRisky(hook))
        .map(async hook => {
          const { package: name, ...demand } = await preparePackagedHook(hook, 0);
          return { ...demand, name };
        }),
    ),
    allOrProblems(play.repositories.map(prepareRepository)),
  ]);
  return {
    packages: [...packages, ...hooks].map(
      ({ name, version, state, dnf }): DeployPackage => ({
        name,
        state: state === 'latest' ? 'latest' : 'present',
        enablerepo: dnf?.enablerepo ?? [],
        disablerepo: dnf?.disablerepo ?? [],
        ...(version === undefined ? {} : { version }),
      }),
    ),
    repositories: repositories.filter(one => one.state === 'present'),
  };
}

function filesOf(wanted: RepositoryPresent) {
  const { id, key } = wanted;
  const text = repositoryText(id, wantedSettings(wanted)).reveal();
  return [
    ...(key?.from === 'file' ? [{ path: keyPath(id), text: key.armored }] : []),
    { path: repositoryPath(id), text },
  ];
}

function keysOf({ key }: RepositoryPresent): DeployKey[] {
  return key?.from === 'url' ? [{ url: key.url, fingerprints: key.fingerprints }] : [];
}

/** A hook that needs a look at the host first: the engine's tasks give it none. */
function isRisky({ known, acceptRisk }: WantedHook): boolean {
  return known?.refusedWhere !== undefined && !acceptRisk;
}

function leftOut({ vdsmHooks, packages }: Play): string[] {
  const own = vdsmHooks.filter(({ source, state }) => source !== undefined && state !== 'absent');
  const pushed = [...packages, ...vdsmHooks].filter(
    ({ rpm, state }) => rpm !== undefined && state !== 'absent',
  );
  const risky = vdsmHooks.filter(
    hook => isRisky(hook) && ![...own, ...pushed].includes(hook) && hook.state !== 'absent',
  );
  return [
    ...[...own, ...pushed].map(
      ({ name }) =>
        `${name} is no package of a repository: new hosts do not get it from the engine, but from apply`,
    ),
    ...risky.map(
      ({ name }) =>
        `${name} can keep VMs from starting, which apply looks for on each host: new hosts do not get it from the engine, but from apply`,
    ),
  ];
}
