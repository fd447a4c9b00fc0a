import { BUILT_IN, type Catalog, type Hook } from '../catalog/hooks.ts';

/** Who gets what with `install`, or loses it with `remove`. */
export interface Installation {
  readonly hooks: readonly InstalledHook[];
  /** The pattern of the hosts. */
  readonly hosts: string;
  /** The pattern of the engine host; undefined for none. */
  readonly engine?: string | undefined;
  /** Where the hooks are looked up. */
  readonly catalog?: Catalog | undefined;
}

export interface InstalledHook {
  /** A name of the catalogue, or of a package. */
  readonly name: string;
  /** A range of versions, as in a playbook. */
  readonly version?: string | undefined;
  readonly allowDowngrade?: boolean | undefined;
  readonly absent?: boolean | undefined;
  /** Whether it may come where it can keep VMs from starting. */
  readonly acceptRisk?: boolean | undefined;
}

/** The text of a playbook that installs hooks, with the properties that they need where there is an engine for them. */
export function installPlaybook({ hooks, hosts, engine, catalog }: Installation): string {
  return [
    '- name: Hooks on every hypervisor',
    `  hosts: ${text(hosts)}`,
    '  become: true',
    '  vdsm_hooks:',
    ...hooks.flatMap(hookLines),
    ...(engine === undefined || !hooks.some(({ name }) => needsEngine(name, catalog))
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

/** JSON's strings are YAML's too, and a name or a pattern may hold what YAML takes for something else. */
const text = JSON.stringify;

function hookLines({ name, version, allowDowngrade, absent, acceptRisk }: InstalledHook): string[] {
  const more = [
    ...(version === undefined ? [] : [`      version: ${text(version)}`]),
    ...(allowDowngrade ? ['      allow_downgrade: true'] : []),
    ...(absent ? ['      state: absent'] : []),
    ...(acceptRisk ? ['      accept_risk: true'] : []),
  ];
  return more.length === 0 ? [`    - ${text(name)}`] : [`    - name: ${text(name)}`, ...more];
}

/** Whether a hook reads custom properties that the engine does not define by itself. */
export function needsEngine(hook: string, catalog: Catalog = BUILT_IN): boolean {
  const known = catalog.find(hook);
  return known !== undefined && propertyNames(known).some(name => !known.predefined.includes(name));
}

function propertyNames({ properties: { vm, device, network } }: Hook): string[] {
  return [...Object.keys(vm), ...Object.values(device).flatMap(Object.keys), ...Object.keys(network)];
}
