import { z } from 'zod';
import { expected, flag, text, words } from './schema-values.ts';

/** One word that no command line takes for an option or a pattern. */
const packageName = z
  .string(expected('the name of a package'))
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.+~^-]*$/, expected('the name of a package'));

const HOW = {
  state: z.enum(['present', 'absent', 'latest'], expected('present, absent or latest')).optional(),
  version: z
    .union([z.string(), z.number()], expected('a range of versions such as ">=4.50 <4.60"'))
    .optional(),
  allow_downgrade: flag.optional(),
  enablerepo: words('the id of a repository').optional(),
  disablerepo: words('the id of a repository').optional(),
  rpm: text('the path of an .rpm file').optional(),
};

/** Names, and mappings that say more of what shall be there. */
export const packages = z.array(
  z.union(
    [packageName, z.strictObject({ name: packageName, ...HOW })],
    expected('the name of a package, or { name, state, version … }'),
  ),
  expected('a list of package names'),
);

const hookName = z.string(expected('the name of a hook'));

const ownHook = z
  .strictObject({
    name: hookName,
    source: text('a folder of <event>/<name>').optional(),
    accept_risk: flag.optional(),
    ...HOW,
  })
  .superRefine(({ name, source, rpm }, context) => {
    if ((source !== undefined || rpm !== undefined) && !/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(name)) {
      context.addIssue({
        code: 'custom',
        path: ['name'],
        message: `"${name}" cannot be the name of a hook`,
        params: { hint: 'Letters, digits and _ . + - make a name.' },
      });
    }
  });

/** Hooks of the catalogue, hook packages, and a site's own folders of scripts. */
export const hooks = z.array(
  z.union([hookName, ownHook], expected('the name of a hook, or { name, state, version, source … }')),
  expected('a list of hook names'),
);
