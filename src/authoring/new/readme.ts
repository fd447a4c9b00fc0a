import type { HookPoint } from '../../catalog/events.ts';
import { type NewHook, type NewProperty, propertyKind, scriptName } from './new-hook.ts';
import { sampleFor } from './samples.ts';

/** The README.md of a hook in a folder of its own: what it does, its property, how it gets to the hosts, and what to heed. */
export function hookReadme(hook: NewHook): string {
  const { name } = hook;
  const test = hook.language === 'python' ? 'python3 -m unittest discover tests' : `sh tests/test_${name}.sh`;
  return [
    `# ${name}`,
    '',
    hook.summary,
    '',
    ...propertySection(hook),
    '## Try it',
    '',
    '```sh',
    test,
    ...hook.points.map(point => tryLine(hook, point)),
    '```',
    '',
    '## Bring it to the hosts',
    '',
    `In a playbook, with this folder as \`hooks/${name}\` beside it:`,
    '',
    '```yaml',
    ...playbook(hook),
    '```',
    '',
    'Scripts go to `/usr/libexec/vdsm/hooks/` on the hosts; this file, `samples` and `tests` stay here. VDSM lists its hook',
    'folders at every call: no restart is needed. Bring it to **all** hosts of a cluster: on a host without it the property is',
    'ignored without a word.',
    '',
    '## What to heed',
    '',
    ...hook.points.flatMap(point => [`- \`${point.name}/${scriptName(hook)}\`: ${facts(point).join(' ')}`]),
    '- Exit status 0 is fine; 1 is a failure, and the scripts after it still run; 2 is a failure, and they do not.',
    '- VDSM sets no time limit: a script that hangs holds the operation up.',
    '- stderr goes to `/var/log/vdsm/vdsm.log`; nobody reads stdout.',
    '- VDSM runs every executable file of an event folder, backups such as `50_x~` too.',
    '',
  ].join('\n');
}

function propertySection({ property }: NewHook): string[] {
  if (property === undefined) {
    return [
      '## Property',
      '',
      'None: its events get no custom properties, so it acts whenever they happen.',
      '',
    ];
  }
  const whose = { vm: 'VM', device: 'vNIC (its vNIC profile)', network: 'host network' };
  const { name, regex, value } = property;
  return [
    '## Property',
    '',
    '| name | of | regular expression | example |',
    '| --- | --- | --- | --- |',
    ...property.kinds.map(
      kind => `| \`${name}\` | ${whose[kind]} | \`${regex.replaceAll('|', '\\|')}\` | \`${value}\` |`,
    ),
    '',
  ];
}

function tryLine({ property }: NewHook, point: HookPoint): string {
  const file = sampleFor(point)?.name;
  return [
    `hookfleet hooks try . --event ${point.name}`,
    ...(file === undefined ? [] : [`--domxml samples/${file}`]),
    ...(property && propertyKind(point) !== undefined
      ? [`${optionFor(property, point)} ${property.name}=${property.value}`]
      : []),
  ].join(' ');
}

function optionFor({ kinds }: NewProperty, { properties }: HookPoint): string {
  return kinds.includes('device') && properties === 'device' ? '--device-prop' : '--prop';
}

function playbook({ name, property }: NewHook): string[] {
  return [
    '- name: Scripts',
    '  hosts: hypervisors',
    '  become: true',
    '  vdsm_hooks:',
    `    - name: ${name}`,
    `      source: hooks/${name}`,
    ...(property === undefined
      ? []
      : [
          '',
          '- name: Custom property',
          '  hosts: engine',
          '  become: true',
          '  engine_properties:',
          ...property.kinds.map(kind =>
            kind === 'device'
              ? `    device: { interface: { ${entry(property)} } }`
              : `    ${kind}: { ${entry(property)} }`,
          ),
        ]),
  ];
}

function entry({ name, regex }: { readonly name: string; readonly regex: string }): string {
  return `${name}: '${regex.replaceAll("'", "''")}'`;
}

function facts(point: HookPoint): string[] {
  return [
    point.when,
    `Runs as ${point.user}.`,
    point.aborts ? 'A failure makes the operation fail.' : 'A failure is logged, and nothing else.',
    point.output ? 'VDSM goes on with what it writes back.' : 'What it writes back is thrown away.',
    ...point.notes,
  ];
}
