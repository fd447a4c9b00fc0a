import type { HookPoint } from '../../catalog/events.ts';
import type { NewHook } from './new-hook.ts';
import type { ScriptHead } from './python-script.ts';
import { aboutScript, asksProperty, taskOf } from './script-task.ts';

/** The POSIX shell script of a hook for an event. */
export function shellScript(hook: NewHook, point: HookPoint, head: ScriptHead): string {
  const property = asksProperty(point) ? hook.property?.name : undefined;
  const body = bodyOf(hook, point, property !== undefined);
  return [
    `#!${head.interpreter}`,
    ...(head.licence.length > 0 ? ['#', ...head.licence] : []),
    '#',
    ...aboutScript(hook, point).map(line => `# ${line}`.trimEnd()),
    '',
    ...(body.some(line => /\$_hook_|\$vmId/.test(line))
      ? ['# VDSM sets what is in the environment.', '# shellcheck disable=SC2154', '']
      : []),
    ...(property === undefined
      ? []
      : [
          '# Without its property the hook does nothing.',
          `[ -n "\${${property}+set}" ] || exit 0`,
          ...(body.some(line => line.includes('$value')) ? [`value=$${property}`] : []),
          '',
        ]),
    ...body,
    '',
  ].join('\n');
}

function bodyOf({ name }: NewHook, point: HookPoint, gate: boolean): string[] {
  const value = gate ? '$value' : 'called';
  switch (taskOf(point)) {
    case 'change domain':
      return [
        ...plainValue(name, gate),
        '# What a person may read of the VM; libvirt keeps it, and acts on none.',
        `note="<description>${name}=${value}</description>"`,
        'changed=$(sed "s|<domain[^>]*>|&$note|" "$_hook_domxml") || exit 1',
        'printf \'%s\\n\' "$changed" > "$_hook_domxml" || exit 1',
        'exit 0',
      ];
    case 'change device':
      return [
        ...plainValue(name, gate),
        '# A comment behind the device, which nobody acts on; it must not hold two dashes.',
        `printf '<!-- ${name}=%s -->\\n' "${value}" >> "$_hook_domxml" || exit 1`,
        'exit 0',
      ];
    case 'change json':
    case 'change networks':
      return [
        '# The JSON is in the file $_hook_json: what it holds in the end is what VDSM uses. Left as it is, nothing changes.',
        '# A shell cannot change JSON by itself: call a program that can, or write the hook in Python.',
        `[ -s "$_hook_json" ] || { echo "${name}: no JSON" >&2; exit 1; }`,
        'exit 0',
      ];
    case 'silent':
      return [
        '# VDSM comes by every few seconds: be quick, and write no log.',
        '[ -s "$_hook_json" ] || exit 1',
        'exit 0',
      ];
    case 'note domain':
    case 'note device':
    case 'note vm':
      return [`echo "${name}: ${value}, VM $vmId" >&2`, 'exit 0'];
    default:
      return [`echo "${name}: ${value}" >&2`, 'exit 0'];
  }
}

/** Text that goes into XML as it stands. */
function plainValue(name: string, gate: boolean): string[] {
  return gate
    ? [
        'case $value in',
        '  *[!A-Za-z0-9_.,:/=-]* | *--* | *-)',
        `    echo "${name}: the value has characters that it must not have" >&2`,
        '    exit 1',
        '    ;;',
        'esac',
        '',
      ]
    : [];
}
