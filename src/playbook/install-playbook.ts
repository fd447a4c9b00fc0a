import { findHook, type Hook } from '../catalog/hooks.ts';

/** Who gets what with `install`. */
export interface Installation {
  /** Names of the catalogue, or of packages. */
  readonly hooks: readonly string[];
  /** The pattern of the hosts. */
  readonly hosts: string;
  /** The pattern of the engine host; undefined for none. */
  readonly engine?: string | undefined;
}

/** The text of a playbook that installs hooks, with the properties that they need where there is an engine for them. */
export function installPlaybook({ hooks, hosts, engine }: Installation): string {
  // JSON's strings are YAML's too, and a name or a pattern may hold what YAML takes for something else.
  const text = JSON.stringify;
  return [
    '- name: Hooks on every hypervisor',
    `  hosts: ${text(hosts)}`,
    '  become: true',
    '  vdsm_hooks:',
    ...hooks.map(hook => `    - ${text(hook)}`),
    ...(engine === undefined || !hooks.some(needsEngine)
      ? []
      : [
          '',
          '- name: The custom properties that they need',
          `  hosts: ${text(engine)}`,
          '  become: true',
          '  engine_properties:',
          '    from_hooks: true',
        ]),
    '',
  ].join('\n');
}

/** Whether a hook reads custom properties that the engine does not define by itself. */
export function needsEngine(hook: string): boolean {
  const known = findHook(hook);
  return known !== undefined && propertyNames(known).some(name => !known.predefined.includes(name));
}

function propertyNames({ properties: { vm, device, network } }: Hook): string[] {
  return [...Object.keys(vm), ...Object.values(device).flatMap(Object.keys), ...Object.keys(network)];
}
