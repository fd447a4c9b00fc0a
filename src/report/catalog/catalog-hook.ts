import { findHookPoint, HOOKS_ROOT } from '../../catalog/events.ts';
import { type EngineProperty, engineProperties } from '../../catalog/hook-properties.ts';
import type { Hook, HookScript } from '../../catalog/hooks.ts';
import { NEWEST, type Release } from '../../catalog/releases.ts';
import { sh } from '../../core/sh.ts';
import { bullets, type Cell, facts, type Look, section, table, wrap } from './catalog-layout.ts';

/** All that the catalogue knows about a hook, for people. */
export function hookPage(hook: Hook, { width, paint }: Look): string {
  const title = (text: string) => paint.bold(text);
  const warnings = (text: string | undefined, colour: (text: string) => string) =>
    text === undefined ? [] : wrap(text, width, '  ').map(colour);
  return [
    paint.bold(hook.name),
    ...wrap(hook.summary, width),
    '',
    ...facts(keyFacts(hook), { width, paint }),
    ...section(paint.error('Defect'), warnings(hook.broken, paint.error)),
    ...section(paint.warning('Danger'), [
      ...warnings(hook.danger, paint.warning),
      ...warnings(refusal(hook), paint.warning),
    ]),
    ...section(title(`Scripts, below ${HOOKS_ROOT}`), scriptLines(hook.files)),
    ...section(
      title('Other files'),
      table(
        hook.otherFiles.map(({ path, mode }) => [{ text: mode }, { text: path }]),
        '  ',
      ),
    ),
    ...section(title('Custom properties'), propertyLines(hook, width)),
    ...section(title('On each host'), bullets(hook.hostSetup, width)),
    ...section(title('Worth knowing'), bullets(hook.notes, width)),
    ...section(title('Install'), installLines(hook, width)),
  ].join('\n');
}

const REFUSED: Readonly<Record<NonNullable<Hook['refusedWhere']>, string>> = {
  everywhere: 'It is refused',
  'no-guestfs': 'A host without it is refused',
  'no-vhostmd-conf': 'A host without it is refused',
};

/** What `install` and `apply` do about a hook that can keep VMs from starting; undefined where they only warn, if at all. */
function refusal({ name, refusedWhere }: Hook): string | undefined {
  return refusedWhere === undefined
    ? undefined
    : `${REFUSED[refusedWhere]} unless the risk is accepted: accept_risk: true beside its name in a playbook, --accept-risk ${name} for install.`;
}

/** The command that brings a hook to a fleet. */
export function installLine({ name }: Hook): string {
  return `${sh`${['hookfleet', 'install', name]}`.text} -i INVENTORY`;
}

function keyFacts(hook: Hook): (readonly [string, string])[] {
  const { documentedSince, replacement, requires, conflicts } = hook;
  return [
    ['Status', statusSentence(hook)],
    ...(documentedSince === undefined
      ? []
      : [['Documented', `from ${documentedSince}, by its own README`] as const]),
    ...(replacement === undefined ? [] : [['Instead', replacement] as const]),
    hook.source === undefined ? ['Package', hook.package] : ['Source', hook.source],
    ...(requires.length === 0 ? [] : [['Requires', requires.join(', ')] as const]),
    ...(conflicts.length === 0 ? [] : [['Conflicts', conflicts.join(', ')] as const]),
  ];
}

function statusSentence({ status, since, removed }: Hook): string {
  if (removed !== undefined) {
    const { sinceVdsm, lastVdsm, lastOvirt, commit } = removed;
    const last = release({ vdsm: lastVdsm, ovirt: lastOvirt });
    return `removed in VDSM ${sinceVdsm} (commit ${commit}); it was there ${since === undefined ? '' : `from ${release(since)} `}to ${last}`;
  }
  if (status === 'site' || since === undefined) {
    return `site: of your own catalogue${since === undefined ? '' : `; from ${release(since)}`}`;
  }
  return status === 'external'
    ? `external: not part of VDSM; found since about ${release(since)}`
    : `current: from ${release(since)} to today's ${NEWEST.vdsm} (oVirt ${NEWEST.ovirt})`;
}

function release({ vdsm, ovirt }: Release): string {
  return `VDSM ${vdsm} (oVirt ${ovirt})`;
}

/** A line a script: its mode, its path, what its failure does; where a link points stands below it. */
function scriptLines(files: readonly HookScript[]): string[] {
  const rows = table(files.map(scriptCells), '  ');
  return files.flatMap(({ link }, i) => [
    rows[i] ?? '',
    ...(link === undefined ? [] : table([[{ text: `-> ${link}` }]], ' '.repeat(10))),
  ]);
}

function scriptCells({ event, file, mode }: HookScript): Cell[] {
  const point = findHookPoint(event);
  const effect = [
    point?.aborts ? 'failure aborts' : 'failure is logged',
    ...(point?.user === 'root' ? ['as root'] : []),
  ].join(', ');
  return [{ text: mode ?? 'link' }, { text: `${event}/${file}` }, { text: effect }];
}

const EXPRESSIONS_FROM: Readonly<Record<NonNullable<Hook['expressionsFrom']>, string>> = {
  README: 'from its README',
  script: 'from a comment in its script',
  documentation: "from oVirt's documentation",
  engine: 'from the engine',
  hookfleet: 'from hookfleet: upstream gives none',
  site: 'from your own catalogue',
};

function propertyLines(hook: Hook, width: number): string[] {
  const properties = engineProperties(hook);
  const { expressionsFrom, withoutProperty } = hook;
  const sentences = [
    ...(properties.length === 0 ? ['None.'] : []),
    ...(expressionsFrom === undefined
      ? []
      : [`Expression${properties.length === 1 ? '' : 's'} ${EXPRESSIONS_FROM[expressionsFrom]}.`]),
    ...(withoutProperty === undefined ? [] : [withoutProperty]),
  ];
  return [
    ...properties.flatMap((property, i) => propertyLine(property, properties[i - 1], width)),
    ...sentences.flatMap(sentence => wrap(sentence, width, '  ')),
  ];
}

/** A property, below the place where the engine keeps it; that is said once for those that follow each other. */
function propertyLine(property: EngineProperty, before: EngineProperty | undefined, width: number): string[] {
  const { name, regex, predefined, predefinedSince } = property;
  const where = placeOf(property);
  const own =
    predefinedSince === null
      ? 'The engine of its time defined it by itself.'
      : `The engine defines it by itself from cluster level ${predefinedSince}: there is nothing to do.`;
  return [
    ...(before !== undefined && placeOf(before) === where ? [] : table([[{ text: where }]], '  ')),
    ...table([[{ text: `${name}=${regex}` }]], '    '),
    ...(predefined ? wrap(own, width, '    ') : []),
  ];
}

function placeOf({ key, deviceType }: EngineProperty): string {
  return deviceType === null ? key : `${key}, type ${deviceType}`;
}

function installLines(hook: Hook, width: number): string[] {
  const only = 'Only from a repository of your own that still has the package:';
  return [
    ...(hook.status === 'removed' ? wrap(only, width, '  ') : []),
    ...table([[{ text: installLine(hook) }]], '  '),
  ];
}
