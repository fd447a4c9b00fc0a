import { propertyPage } from '../../report/vm/property-page.ts';
import { hooksOf } from '../engine/engine-rows.ts';
import { pageLook, printDocument } from '../terminal/page.ts';
import type { VmOptions } from '../vm/vm-options.ts';
import { withEngine } from '../vm/with-engine.ts';
import { type FoundProfile, findProfiles } from './find-profiles.ts';

/**
 * The command `vnic show`: what vNIC profiles have. Without a name all of them.
 *
 * @returns the exit code.
 * @throws {InputError} for a pattern that no profile matches.
 */
export async function showProfiles(patterns: readonly string[], options: VmOptions): Promise<number> {
  return withEngine('vnic show', options, async api => {
    const found = await findProfiles(api, patterns.length === 0 ? ['*'] : patterns);
    if (options.json) {
      const shown = found.map(one => [one.label, documentOf(one)] as const);
      printDocument('vnic show', { exitCode: 0, profiles: Object.fromEntries(shown) });
      return 0;
    }
    const pages = found.map(one =>
      propertyPage(
        {
          label: one.label,
          facts: [`level ${one.level ?? 'unknown'}`, `network filter: ${one.filter ?? 'none'}`],
          // What the engine defines for devices its API does not show.
          rows: rowsOf(one).map(row => ({ ...row, next: row.value, regex: null })),
          notes: [],
        },
        pageLook(),
      ),
    );
    process.stdout.write(pages.map(page => `${page}\n`).join(''));
    return 0;
  });
}

function rowsOf({ profile }: FoundProfile) {
  return profile.properties.map(({ name, value }) => ({
    name,
    value,
    hooks: hooksOf('device interface', name),
  }));
}

function documentOf(one: FoundProfile): object {
  return { id: one.id, level: one.level ?? null, filter: one.filter ?? null, properties: rowsOf(one) };
}
