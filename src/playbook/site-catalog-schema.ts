import { z } from 'zod';
import { deviceRegexFault, networkRegexFault, regexFault } from './regex.ts';
import { expected, text } from './schema-values.ts';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/;
const MODE = /^0[0-7]{3}$/;

const sentences = (noun: string) =>
  z.union([text(noun), z.array(text(noun), expected(`a list: ${noun}`))], expected(`${noun}, or a list`));

const regexes = (fault: (regex: string) => string | undefined) =>
  z.record(
    z.string(),
    z.string(expected('a regular expression in quotes')).superRefine((regex, context) => {
      const message = fault(regex);
      if (message !== undefined) {
        context.addIssue({ code: 'custom', message });
      }
    }),
    expected('a mapping of property names to regular expressions'),
  );

const script = expected('EVENT/NAME, such as before_vm_start/50_audit');
const scriptPath = z.string(script).regex(/^[a-z_]+\/[^/\s]+$/, script);
const mode = z
  .string(expected('a mode in quotes, such as "0755"'))
  .regex(MODE, expected('a mode such as "0755"'));

const files = z.array(
  z.union(
    [
      scriptPath,
      z.strictObject({ path: scriptPath, mode: mode.optional(), link: text('a path').optional() }),
    ],
    expected('EVENT/NAME, or { path, mode, link }'),
  ),
  expected('a list of EVENT/NAME'),
);

const absolute = expected('an absolute path');
const otherPath = z.string(absolute).regex(/^\/\S/, absolute);
const otherFiles = z.array(
  z.union(
    [otherPath, z.strictObject({ path: otherPath, mode: mode.optional() })],
    expected('an absolute path, or { path, mode }'),
  ),
  expected('a list of absolute paths'),
);

const vdsm = expected('a version of VDSM in quotes, such as "4.40.60"');
const vdsmVersion = z.string(vdsm).regex(/^4\.\d+\.\d+(\.\d+)*$/, vdsm);

const hook = z.strictObject(
  {
    name: z.string(expected('the name of a hook')).regex(NAME, expected('the name of a hook')),
    package: z
      .string(expected('the name of a package'))
      .regex(NAME, expected('the name of a package'))
      .optional(),
    source: text('a folder of <event>/<name>').optional(),
    brief: text('a few words').optional(),
    summary: text('a sentence on what the hook does'),
    since: vdsmVersion.optional(),
    files: files.optional(),
    other_files: otherFiles.optional(),
    properties: z
      .strictObject(
        {
          vm: regexes(regexFault).optional(),
          device: z
            .record(
              z.string(),
              regexes(deviceRegexFault),
              expected('a mapping of device types to properties'),
            )
            .optional(),
          network: regexes(networkRegexFault).optional(),
        },
        expected('a mapping with vm, device or network'),
      )
      .optional(),
    requires: sentences('the name of a package').optional(),
    conflicts: sentences('the name of a package').optional(),
    host_setup: sentences('a sentence').optional(),
    broken: text('a sentence on the defect').optional(),
    broken_since: vdsmVersion.optional(),
    dangerous: text('a sentence on what it does to VMs without its property').optional(),
    without_property: text('a sentence').optional(),
    notes: sentences('a sentence').optional(),
  },
  expected('a hook: a mapping with name, summary, and package or source'),
);

/** A file of a site's catalogue: a list of hooks, with what hookfleet's own catalogue says of each. */
export const siteCatalogSchema = z.array(hook, expected('a list of hooks, each beginning with "- name:"'));

export type SiteHookData = z.infer<typeof hook>;
