import { findOperation, LIBVIRT_DRIVERS } from '../../catalog/libvirt-drivers.ts';
import type { Host } from '../../core/host.ts';
import type { Problem } from '../../core/input-error.ts';
import { didYouMean } from '../../core/suggest.ts';
import { readLibvirtHookSource } from '../../playbook/libvirt-hook-source.ts';
import type { WantedLibvirtHook } from '../../playbook/libvirt-hooks.ts';
import type { Play } from '../../playbook/play.ts';
import { hookPath, type LibvirtHook } from '../../resources/libvirt-hook/libvirt-hook-wanted.ts';
import { allOrProblems } from './gather-problems.ts';

interface PlayOnHosts {
  readonly play: Play;
  readonly hosts: readonly Host[];
}

/**
 * Reads the scripts of a play's libvirt hooks.
 *
 * @throws {InputError} with everything that is wrong with them.
 */
export async function prepareLibvirtHooks(wanted: readonly WantedLibvirtHook[]): Promise<LibvirtHook[]> {
  return allOrProblems(
    wanted.map(async ({ driver, name, state, source, operations, dryRun, place }) => {
      const about = { driver, name, state, dryRun, operations: operations.map(({ text }) => text) };
      // A hook that shall be absent is known by its name: its script may be gone.
      return state === 'absent' || source === undefined
        ? { ...about, base64: '', sha256: '', programs: [] }
        : { ...about, ...(await readLibvirtHookSource(source.text, source.place ?? place)) };
    }),
  );
}

/**
 * Operations that neither libvirt has nor any of the play's hosts is said to have: slips of the keys, most likely. What
 * only some hosts have, each host judges for itself.
 */
export function unknownOperations({ play, hosts }: PlayOnHosts): Problem[] {
  const extra = new Set(hosts.flatMap(host => host.libvirtExtraOperations ?? []));
  return play.libvirtHooks.flatMap(({ driver, operations }) =>
    operations
      .filter(({ text }) => findOperation(driver, text) === undefined && !extra.has(text))
      .map(({ text, place }) => {
        const known = (LIBVIRT_DRIVERS.find(one => one.driver === driver)?.operations ?? [])
          .filter(({ since, removedIn }) => since !== null && removedIn === undefined)
          .map(({ name }) => name);
        const near = didYouMean(text, known);
        return {
          place,
          message: `unknown ${driver} operation "${text}"`,
          hint: near
            ? `Did you mean "${near}"?`
            : `Known are ${known.join(', ')}. What a patched libvirt calls besides, the inventory says with libvirt_extra_operations.`,
        };
      }),
  );
}

/** Two plays for one host that mean different scripts by one path would take turns for ever. */
export function sameLibvirtHooks(earlier: PlayOnHosts, later: PlayOnHosts): Problem[] {
  const shared = later.hosts.find(({ name }) => earlier.hosts.some(one => one.name === name));
  return later.play.libvirtHooks.flatMap(hook => {
    const other = earlier.play.libvirtHooks.find(one => hookPath(one) === hookPath(hook));
    const differs = other && (other.source?.text !== hook.source?.text || other.state !== hook.state);
    return shared && differs
      ? [
          {
            place: hook.place,
            message: `the ${hook.driver} hook ${hook.name} is another one in line ${other.place.line}, and both plays are for ${shared.name}`,
            hint: 'Give one of the two another name.',
          },
        ]
      : [];
  });
}
