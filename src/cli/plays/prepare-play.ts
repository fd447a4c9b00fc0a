import { basename } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import { readHookSource } from '../../playbook/hook-source.ts';
import { clashingHooks } from '../../playbook/hook-source-rules.ts';
import type { Play, Playbook, WantedHook, WantedService } from '../../playbook/play.ts';
import { type BoundResource, bind } from '../../resources/bound.ts';
import { enginePropertiesResource } from '../../resources/engine/engine-properties.ts';
import { hostDeployTasksResource } from '../../resources/engine/host-deploy-tasks.ts';
import { type HookFoldersWanted, hookFolderResource } from '../../resources/files/hook-folder.ts';
import type { SiteHook } from '../../resources/files/hook-script.ts';
import { libvirtHookResource } from '../../resources/libvirt-hook/libvirt-hook.ts';
import { hookPath, type LibvirtHook } from '../../resources/libvirt-hook/libvirt-hook-wanted.ts';
import { type PackageWanted, packageResource } from '../../resources/package/package.ts';
import { repositoryResource } from '../../resources/package/repository.ts';
import { VETO_PATH } from '../../resources/protected-domains/veto-hook.ts';
import { serviceResource } from '../../resources/service.ts';
import { vdsmHookResource } from '../../resources/vdsm-hook/vdsm-hook.ts';
import { CAPABILITIES_SECONDS, vdsmViewResource } from '../../resources/vdsm-view/vdsm-view.ts';
import { prepareDeployTasks } from '../engine/deploy-tasks.ts';
import { thisRun } from '../runs/this-run.ts';
import { allOrProblems } from './gather-problems.ts';
import { prepareLibvirtHooks } from './prepare-libvirt.ts';
import { preparePackage, preparePackagedHook, samePackages } from './prepare-package.ts';
import { bindProtection, vetoHook } from './prepare-protected.ts';
import { prepareRepository } from './prepare-repository.ts';

export interface PrepareOptions {
  /** How long a transaction waits for whoever holds dnf's lock, in seconds. */
  readonly dnfLockWaitSeconds: number;
  /** Every play with hooks for VDSM also compares them with what VDSM sees, not only those that say so. */
  readonly deep?: boolean;
  /** Nothing may be removed beyond what the playbook names: a run that sees a part of the fleet cannot tell what is left over. */
  readonly namedOnly: boolean;
}

/**
 * The resources of a play on a host, given the other plays of the playbook that are for this host too, and the operations
 * that the host's libvirt has besides those of its release.
 */
export type PreparedPlay = (
  others: readonly Play[],
  extraOperations: readonly string[],
) => readonly BoundResource[];

/**
 * Reads everything that a play names beside the playbook, and ties what it declares to the resources that keep it, in
 * the order in which a host is changed.
 *
 * @throws {InputError} with everything that is wrong with what it names.
 */
export async function preparePlay(
  play: Play,
  playbook: Playbook,
  options: PrepareOptions,
): Promise<PreparedPlay> {
  const { engine, hostDeployTasks } = play;
  const [repositories, { packages, packagedHooks }, ownHooks, libvirtHooks, deploy] = await allOrProblems([
    allOrProblems(play.repositories.map(prepareRepository)),
    preparePackages(play, playbook, options),
    siteHooks(play.vdsmHooks.filter(isOwn)),
    prepareLibvirtHooks(play.libvirtHooks),
    hostDeployTasks === undefined ? Promise.resolve(undefined) : prepareDeployTasks(playbook),
  ]);
  const before = [
    ...(repositories.length > 0 ? [bind(repositoryResource, repositories)] : []),
    ...bindPackages(packages.filter(({ state }) => state !== 'absent')),
    ...(packagedHooks.length > 0 ? [bind(vdsmHookResource, packagedHooks)] : []),
  ];
  const isDeep = play.deep || (options.deep && (play.managesHooks || play.vdsmHooks.length > 0));
  const after = [
    // What a hook that goes has needed can only go after it.
    ...bindPackages(packages.filter(({ state }) => state === 'absent')),
    ...(play.services.length > 0 ? [bind(serviceResource, play.services)] : []),
    ...(deploy
      ? [
          bind(hostDeployTasksResource, {
            tasks: deploy.tasks,
            notes: hostDeployTasks ? deploy.notes : [],
            state: hostDeployTasks ? ('present' as const) : ('absent' as const),
          }),
        ]
      : []),
    ...(engine
      ? [
          bind(enginePropertiesResource, {
            ...engine.properties,
            healthUrl: engine.healthUrl,
            healthTimeoutSeconds: engine.healthTimeoutSeconds,
            startsEngine: play.services.some(startsEngine),
            run: thisRun(),
          }),
        ]
      : []),
    ...(isDeep ? [bind(vdsmViewResource, { timeLimitSeconds: CAPABILITIES_SECONDS })] : []),
  ];
  return (others, extraOperations) => [
    ...before,
    ...(play.managesHooks
      ? [bind(hookFolderResource, hookFolders(play, basename(playbook.file), ownHooks, others, options))]
      : []),
    ...bindProtection(
      play,
      basename(playbook.file),
      libvirtFolders(play, playbook, libvirtHooks, others, options, extraOperations),
    ),
    ...after,
  ];
}

function bindPackages(packages: readonly PackageWanted[]): BoundResource[] {
  return packages.length > 0 ? [bind(packageResource, packages)] : [];
}

function startsEngine({ name, state }: WantedService): boolean {
  return state === 'started' && /^ovirt-engine(\.service)?$/.test(name);
}

export function isOwn(hook: WantedHook): boolean {
  return hook.source !== undefined;
}

async function preparePackages(play: Play, { catalog }: Playbook, { dnfLockWaitSeconds }: PrepareOptions) {
  const hooks = play.vdsmHooks.filter(hook => !isOwn(hook));
  const [packages, packagedHooks] = await allOrProblems([
    allOrProblems(play.packages.map(wanted => preparePackage(wanted, dnfLockWaitSeconds))),
    allOrProblems(hooks.map(wanted => preparePackagedHook(wanted, dnfLockWaitSeconds, catalog))),
  ]);
  const problems = samePackages(
    [...play.packages, ...hooks],
    [...packages.map(one => one.name), ...packagedHooks.map(hook => hook.package)],
  );
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return { packages, packagedHooks };
}

async function siteHooks(wanted: readonly WantedHook[]): Promise<readonly SiteHook[]> {
  const hooks = await allOrProblems(
    wanted.map(async ({ name, state, source, place }) => ({
      name,
      place,
      state: state === 'absent' ? ('absent' as const) : ('present' as const),
      // A hook that shall be absent is known to the host by its name: its folder may be gone.
      files: state === 'absent' || source === undefined ? [] : await readHookSource(source.text, place),
    })),
  );
  const problems = clashingHooks(hooks);
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return hooks;
}

function hookFolders(
  { unmanaged }: Play,
  playbook: string,
  hooks: readonly SiteHook[],
  others: readonly Play[],
  { namedOnly }: PrepareOptions,
): HookFoldersWanted {
  const namedElsewhere = others.flatMap(other => other.vdsmHooks.filter(isOwn).map(({ name }) => name));
  return { playbook, hooks, namedElsewhere, unmanaged, namedOnly };
}

function libvirtFolders(
  play: Play,
  { file }: Playbook,
  named: readonly LibvirtHook[],
  others: readonly Play[],
  { namedOnly }: PrepareOptions,
  extraOperations: readonly string[],
): BoundResource[] {
  const hooks = [...named, ...vetoHook(play, extraOperations)];
  const unmanaged = play.managesLibvirtHooks ? play.unmanaged : 'ignore';
  const namedElsewhere = others.flatMap(other => [
    ...other.libvirtHooks.map(hookPath),
    ...(other.protection ? [VETO_PATH] : []),
  ]);
  const playbook = basename(file);
  return play.managesLibvirtHooks || hooks.length > 0
    ? [
        bind(libvirtHookResource, {
          ...{ playbook, hooks, namedElsewhere, unmanaged, namedOnly, extraOperations },
        }),
      ]
    : [];
}
