import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { DEPLOYED_DRIVERS, type DeployedDriver } from '../catalog/libvirt-drivers.ts';
import type { Place } from '../core/input-error.ts';
import type { Written } from './play.ts';
import { expected, text } from './schema-values.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

const COPY = /~$|\.(?:bak|orig|old|rej|rpmsave|rpmnew|rpmorig|dpkg-(?:old|new|dist))$/;

const fileName = z.string(expected('the name of a file')).superRefine((name, context) => {
  const issue = (message: string, hint: string) =>
    context.addIssue({ code: 'custom', message, params: { hint } });
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(name)) {
    issue(
      `"${name}" cannot be the name of a hook`,
      'Letters, digits and _ . + - make a name; hooks run in the order of their names, as in 10-audit.',
    );
  } else if (COPY.test(name)) {
    issue(`"${name}" looks like a backup copy`, 'libvirt runs such files too. Give it a name of its own.');
  }
});

const operation = z
  .string(expected('the name of an operation'))
  .regex(/^[a-z][a-z0-9-]*$/, expected('the name of an operation'));

const hook = z
  .strictObject(
    {
      driver: z.enum(DEPLOYED_DRIVERS, expected(DEPLOYED_DRIVERS.join(', ').replace(/, (\w+)$/, ' or $1'))),
      name: fileName,
      source: text('the path of a script').optional(),
      operations: z
        .array(operation, expected('a list of operations such as [prepare, release]'))
        .min(1, { error: 'the list is empty: name what the script is for' })
        .optional(),
      state: z.enum(['present', 'absent'], expected('present or absent')).optional(),
      dry_run: z.literal('lint', expected('lint, or nothing for a dry run on each host')).optional(),
    },
    expected('{ driver, name, source, operations, state, dry_run }'),
  )
  .superRefine(({ state, source, operations }, context) => {
    if (state === 'absent') {
      return;
    }
    for (const [key, value, noun] of [
      ['source', source, 'the path of a script'],
      ['operations', operations, 'the operations that the script is for'],
    ] as const) {
      if (value === undefined) {
        context.addIssue({ code: 'custom', path: [key], message: `is missing: ${noun}` });
      }
    }
  });

/** Scripts for the drop-in folders of libvirt. */
export const libvirtHooks = z.array(
  hook,
  expected('a list of hooks, each { driver, name, source, operations }'),
);

/** A script for a drop-in folder of libvirt, as a play names it. */
export interface WantedLibvirtHook {
  readonly driver: DeployedDriver;
  readonly name: string;
  readonly state: 'present' | 'absent';
  /** The path of the script; undefined only where it shall be absent. */
  readonly source?: Written;
  readonly operations: readonly Written[];
  /** `lint`: it is not called on a host before it is in place. */
  readonly dryRun: 'run' | 'lint';
  readonly place: Place;
}

/** The libvirt hooks of a play. */
export function wantedLibvirtHooks(
  items: z.infer<typeof libvirtHooks> | undefined,
  path: Path,
  source: YamlSource,
): WantedLibvirtHook[] {
  return (items ?? []).map((item, index) => {
    const at = [...path, 'libvirt_hooks', index];
    const place = source.place([...at, 'source']);
    return {
      driver: item.driver,
      name: item.name,
      state: item.state ?? 'present',
      ...(item.source === undefined
        ? {}
        : { source: { text: resolve(dirname(place.file), item.source), place } }),
      operations: (item.operations ?? []).map((name, i) => ({
        text: name,
        place: source.place([...at, 'operations', i]),
      })),
      dryRun: item.dry_run ?? 'run',
      place: source.place(at),
    };
  });
}
