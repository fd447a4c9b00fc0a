import type { NewFile } from '../new/hook-folder.ts';
import { type NewHook, propertyKind, scriptName } from '../new/new-hook.ts';
import { pythonScript } from '../new/python-script.ts';
import { shellScript } from '../new/shell-script.ts';
import type { VdsmTree } from './read-tree.ts';
import { linesOf } from './splice.ts';

/** Columns of a line, as the checks of VDSM have it for Python. */
const WIDEST = 79;

/** The files of a hook's own folder below vdsm_hooks, with the licence and the Python of the tree. */
export function treeFiles(tree: VdsmTree, hook: NewHook, year: number): readonly NewFile[] {
  const folder = `vdsm_hooks/${hook.name}`;
  const licence = licenceOf(tree, year);
  return [
    { path: `${folder}/Makefile.am`, text: hookMakefile(hook, licence), mode: 0o644 },
    { path: `${folder}/README`, text: treeReadme(tree, hook), mode: 0o644 },
    ...hook.points.map(point => ({
      path: `${folder}/${fileOf(hook, point.name)}`,
      text:
        hook.language === 'python'
          ? pythonScript(hook, point, { interpreter: pythonOf(tree), licence })
          : shellScript(hook, point, { interpreter: '/bin/sh', licence }),
      mode: 0o755 as const,
    })),
  ];
}

/** The comment at the top of vdsm_hooks/Makefile.am: SPDX tags, in older trees a notice with a year. */
function licenceOf({ files }: VdsmTree, year: number): string[] {
  const lines = linesOf(files.get('vdsm_hooks/Makefile.am') ?? '');
  const end = lines.findIndex(line => !line.startsWith('#'));
  return lines
    .slice(0, Math.max(0, end))
    .map(line => line.replace(/\bCopyright (?:\d{4}-)?\d{4}\b/, `Copyright ${year}`))
    .map(line => (line.length > WIDEST ? line.replaceAll(/ {2,}/g, ' ') : line));
}

function pythonOf({ files }: VdsmTree): string {
  const [first = ''] = linesOf(files.get('vdsm_hooks/qemucmdline/before_vm_start.py') ?? '');
  return /^#!(\/\S+)$/.exec(first)?.[1] ?? '/usr/bin/python3';
}

function fileOf({ language }: NewHook, event: string): string {
  return `${event}.${language === 'python' ? 'py' : 'sh'}`;
}

/** The Makefile.am of a hook: what goes into the tarball, and what is installed where under its number. */
function hookMakefile(hook: NewHook, licence: readonly string[]): string {
  const target = (event: string) => `$(DESTDIR)$(vdsmhooksdir)/${event}`;
  const events = hook.points.map(point => point.name);
  return [
    ...licence,
    '',
    'EXTRA_DIST = \\',
    ...events.map((event, i) => `\t${fileOf(hook, event)}${i === events.length - 1 ? '' : ' \\'}`),
    '',
    'install-data-local:',
    ...events.flatMap(event => [
      `\t$(MKDIR_P) ${target(event)}`,
      `\t$(INSTALL_SCRIPT) $(srcdir)/${fileOf(hook, event)} \\`,
      `\t\t${target(event)}/${scriptName(hook)}`,
    ]),
    '',
    'uninstall-local:',
    ...events.map(event => `\t$(RM) ${target(event)}/${scriptName(hook)}`),
    '',
  ].join('\n');
}

/** Begins as vdsm_hooks/README does: newer trees have a licence there. */
function treeReadme({ files }: VdsmTree, hook: NewHook): string {
  const about = linesOf(files.get('vdsm_hooks/README') ?? '');
  const end = about[0] === '<!--' ? about.indexOf('-->') + 1 : 0;
  const title = `${hook.name} vdsm hook`;
  return [
    ...about.slice(0, end),
    ...(end > 0 ? [''] : []),
    title,
    '='.repeat(title.length),
    hook.summary,
    '',
    ...(hook.property ? propertyLines(hook, hook.property) : ['It has no custom property.']),
    '',
    'Events:',
    ...hook.points.map(
      point =>
        `* ${point.name}: ${point.aborts ? 'a failure makes the operation fail' : 'a failure is only logged'}`,
    ),
    '',
  ].join('\n');
}

function propertyLines(
  hook: NewHook,
  { name, regex, kinds, value }: NonNullable<NewHook['property']>,
): string[] {
  const definitions = {
    vm: ['UserDefinedVMProperties', `${name}=${regex}`],
    device: ['CustomDeviceProperties', `{type=interface;prop={${name}=${regex}}}`],
    network: ['UserDefinedNetworkCustomProperties', `${name}=${regex}`],
  };
  return [
    `Custom property (${kinds.join(', ')}):`,
    `    ${name}, regular expression ${regex}`,
    '',
    'Installation:',
    '* Define it in the engine, for each cluster LEVEL. -s replaces the whole value:',
    '  look first, and give what is there too, with ; between the definitions.',
    ...kinds.flatMap(kind => {
      const [key, definition] = definitions[kind];
      return [
        `    engine-config -g ${key} --cver=LEVEL`,
        `    engine-config -s '${key}=${definition}' --cver=LEVEL`,
      ];
    }),
    '    systemctl restart ovirt-engine',
    '',
    'Usage:',
    `    ${name}=${value}`,
    '',
    ...(hook.points.every(point => propertyKind(point) !== undefined)
      ? [`Without the property ${hook.name} does nothing.`]
      : []),
  ];
}
