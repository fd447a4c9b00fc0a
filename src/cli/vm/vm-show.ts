import { differencesOf, mergeValues } from '../../engine/custom-properties.ts';
import type { Definitions } from '../../engine/property-check.ts';
import { propertyPage } from '../../report/vm/property-page.ts';
import { hooksOf } from '../engine/engine-rows.ts';
import { pageLook, printDocument } from '../terminal/page.ts';
import { readVmDefinitions } from './definitions.ts';
import { type FoundVm, findVms } from './find-vms.ts';
import { leftOut } from './restart-rules.ts';
import type { VmOptions } from './vm-options.ts';
import { withEngine } from './with-engine.ts';

/**
 * The command `vm show`: what VMs have, what waits for their next start, and who reads it. Without a name all VMs.
 *
 * @returns the exit code.
 * @throws {InputError} for a pattern that no VM matches.
 */
export async function showVms(patterns: readonly string[], options: VmOptions): Promise<number> {
  const { search } = options;
  return withEngine('vm show', options, async api => {
    const all = patterns.length === 0 && search === undefined ? ['*'] : patterns;
    const [vms, definitions] = await Promise.all([
      findVms(api, { patterns: all, search }),
      readVmDefinitions(api),
    ]);
    if (options.json) {
      const shown = vms.map(vm => [vm.label, documentOf(vm, definitions)] as const);
      printDocument('vm show', { exitCode: 0, vms: Object.fromEntries(shown) });
      return 0;
    }
    const pages = vms.map(vm =>
      propertyPage(
        {
          label: vm.label,
          facts: [
            vm.now.status.replaceAll('_', ' '),
            `cluster ${vm.cluster ?? '-'}`,
            `level ${vm.level ?? 'unknown'}`,
          ],
          rows: rowsOf(vm, definitions),
          notes: notesOf(vm),
        },
        pageLook(),
      ),
    );
    process.stdout.write(pages.map(page => `${page}\n`).join(''));
    return 0;
  });
}

function rowsOf({ now, next, level }: FoundVm, definitions: Definitions) {
  const known = definitions.get(level ?? '');
  const valueIn = (list: typeof now.properties, name: string) =>
    mergeValues(list, []).find(one => one.name === name)?.value ?? null;
  return mergeValues(now.properties, next.properties).map(({ name }) => ({
    name,
    value: valueIn(now.properties, name),
    next: valueIn(next.properties, name),
    hooks: hooksOf('vm', name),
    regex: known === undefined ? null : known.find(one => one.name === name)?.regex,
  }));
}

function notesOf(vm: FoundVm): string[] {
  const { now, next } = vm;
  const waits = now.nextRun && now.status !== 'down';
  return [
    ...(waits && differencesOf(now.properties, next.properties).length === 0
      ? ['something else waits for its next start: another change, or a vNIC that is out of sync']
      : []),
    ...(vm.now.deleteProtected ? ['protected from deletion: vm set --restart does not restart it'] : []),
    ...(now.pooled ? ['of a pool: vm set --restart does not restart it'] : []),
    ...(leftOut(vm) === undefined ? [] : ['the engine itself runs in this VM: vm set leaves it out']),
  ];
}

function documentOf(vm: FoundVm, definitions: Definitions): object {
  return {
    id: vm.id,
    status: vm.now.status,
    cluster: vm.cluster ?? null,
    level: vm.level ?? null,
    deleteProtected: vm.now.deleteProtected,
    hostedEngine: leftOut(vm) !== undefined,
    // A vNIC that is out of sync waits as well.
    pending: vm.now.nextRun && vm.now.status !== 'down',
    properties: rowsOf(vm, definitions).map(({ regex = null, ...row }) => ({ ...row, regex })),
  };
}
