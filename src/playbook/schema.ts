import { z } from 'zod';
import { HOST_STATES } from '../catalog/host-states.ts';
import { libvirtHooks } from './libvirt-hooks.ts';
import { operators, protectedDomains } from './protected-domains.ts';
import { deviceRegexFault, networkRegexFault, regexFault } from './regex.ts';
import { hooks, packages } from './schema-packages.ts';
import { repositories } from './schema-repositories.ts';
import { ROLLOUT } from './schema-rollout.ts';
import { expected, flag, text, words } from './schema-values.ts';

const unitName = z
  .string(expected('the name of a systemd unit'))
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.:@\\-]*$/, expected('the name of a systemd unit'));

const service = z.strictObject(
  {
    name: unitName,
    state: z.enum(['started', 'stopped'], expected('started or stopped')).optional(),
    enabled: flag.optional(),
  },
  expected('{ name, state, enabled }'),
);

/** A property's regular expression, or the wish that the engine has no property of that name. */
const rules = (fault: (regex: string) => string | undefined) =>
  z.record(
    z.string(),
    z.union(
      [
        z.string().superRefine((regex, context) => {
          const message = fault(regex);
          if (message !== undefined) {
            context.addIssue({ code: 'custom', message });
          }
        }),
        z.strictObject({ state: z.literal('absent', expected('absent')) }),
      ],
      expected('a regular expression in quotes, or { state: absent }'),
    ),
    expected('a mapping of property names to regular expressions'),
  );

const engineProperties = z.strictObject(
  {
    cluster_levels: z
      .array(
        z.union([z.string(), z.number()], expected('a cluster level such as 4.7')),
        expected('a list of cluster levels'),
      )
      .min(1, { error: 'the list is empty; leave the key out for every level that the engine has' })
      .optional(),
    from_hooks: flag.optional(),
    override_predefined: flag.optional(),
    vm: rules(regexFault).optional(),
    device: z
      .record(z.string(), rules(deviceRegexFault), expected('a mapping of device types to properties'))
      .optional(),
    network: rules(networkRegexFault).optional(),
  },
  expected('a mapping with cluster_levels, from_hooks, override_predefined, vm, device or network'),
);

const states = expected(`a list of states that the engine has for hosts: ${HOST_STATES.join(', ')}`);

const seconds = expected('a whole number of seconds, from 1 to 86400');
const url = expected('a URL that begins with http:// or https://');

const play = z.strictObject(
  {
    name: text('text that names the play').optional(),
    hosts: text('a host pattern such as hypervisors'),
    become: flag.optional(),
    ...ROLLOUT,
    skip_states: z.array(z.enum(HOST_STATES, states), states).min(1, states).optional(),
    deep: flag.optional(),
    repositories: repositories.optional(),
    enablerepo: words('the id of a repository').optional(),
    disablerepo: words('the id of a repository').optional(),
    packages: packages.optional(),
    vdsm_hooks: hooks.optional(),
    libvirt_hooks: libvirtHooks.optional(),
    protected_domains: protectedDomains.optional(),
    operators: operators.optional(),
    unmanaged: z.enum(['report', 'remove'], expected('report or remove')).optional(),
    service: z
      .union([service, z.array(service)], expected('{ name, state, enabled }, or a list of them'))
      .optional(),
    engine_properties: engineProperties.optional(),
    host_deploy_tasks: flag.optional(),
    engine_health_url: z
      .string(url)
      .refine(value => /^https?:\/\/[^\s\p{Cc}]+$/u.test(value) && URL.canParse(value), url)
      .optional(),
    engine_health_timeout: z.int(seconds).min(1, seconds).max(86_400, seconds).optional(),
  },
  expected('a play: a mapping with hosts and what they shall have'),
);

/** A playbook's shape: its keys, types and the rules that hold for a single value. */
export const playbookSchema = z
  .array(play, expected('a list of plays, each beginning with "- "'))
  .min(1, { error: 'the playbook has no plays' });

export type PlaybookData = z.infer<typeof playbookSchema>;
export type PlayData = PlaybookData[number];
