import type { HookPoint } from '../../catalog/events.ts';
import type { NewHook } from './new-hook.ts';
import { aboutScript, asksProperty, type Task, taskOf } from './script-task.ts';

/** What stands above the code of a script. */
export interface ScriptHead {
  /** Behind `#!`. */
  readonly interpreter: string;
  /** Comment lines of a licence. */
  readonly licence: readonly string[];
}

/** The Python script of a hook for an event. It runs with Python 2.7 too, and is laid out as VDSM's own are. */
export function pythonScript(hook: NewHook, point: HookPoint, head: ScriptHead): string {
  const task = taskOf(point);
  const gate = hook.property !== undefined && asksProperty(point);
  const networks = task.endsWith('networks');
  const value = gate || networks;
  const body = bodyOf(task, gate);
  const all = [...body.change, ...body.main].join('\n');
  const imports = ['os', 'sys', 'traceback'].filter(
    name => name === 'traceback' || new RegExp(`\\b${name}\\.`).test(gate ? `os.${all}` : all),
  );
  return [
    `#!${head.interpreter}`,
    ...(head.licence.length > 0 ? ['', ...head.licence] : []),
    '',
    "'''",
    ...aboutScript(hook, point),
    "'''",
    '',
    ...imports.map(name => `import ${name}`),
    '',
    'import hooking',
    '',
    `HOOK = '${hook.name}'`,
    ...(value && hook.property ? [`PROPERTY = '${hook.property.name}'`] : []),
    '',
    ...(body.change.length > 0 ? ['', ...body.change, ''] : []),
    '',
    'def main():',
    ...(gate ? ['    value = os.environ.get(PROPERTY)', '    if value is None:', '        return'] : []),
    ...body.main,
    '',
    '',
    "if __name__ == '__main__':",
    '    try:',
    '        main()',
    '    except Exception:',
    "        hooking.exit_hook('%s: %s' % (HOOK, traceback.format_exc()), 1)",
    '',
  ].join('\n');
}

interface Body {
  readonly change: readonly string[];
  readonly main: readonly string[];
}

function bodyOf(task: Task, gate: boolean): Body {
  const value = gate ? 'value' : "'called'";
  const call = gate ? 'value' : '';
  const say = (what: string, args: string) => [`    sys.stderr.write('%s: ${what}\\n' % (HOOK, ${args}))`];
  switch (task) {
    case 'change domain':
      return {
        change: [
          `def change(domxml${gate ? ', value' : ''}):`,
          '    # What a person may read of the VM; libvirt keeps it, and acts on none.',
          "    description = domxml.createElement('description')",
          `    note = domxml.createTextNode('%s=%s' % (HOOK, ${value}))`,
          '    description.appendChild(note)',
          '    domxml.documentElement.appendChild(description)',
        ],
        main: xml('domxml', call),
      };
    case 'change device':
      return {
        change: [
          `def change(devxml${gate ? ', value' : ''}):`,
          '    # A comment, which nobody acts on; it must not hold two dashes.',
          `    note = ' %s=%s ' % (HOOK, ${value}${gate ? ".replace('-', '_')" : ''})`,
          '    devxml.documentElement.appendChild(devxml.createComment(note))',
        ],
        main: xml('devxml', call),
      };
    case 'change json':
      return {
        change: [
          `def change(data${gate ? ', value' : ''}):`,
          '    # Change the data here: what is written back is what VDSM uses.',
          '    pass',
        ],
        main: [
          '    data = hooking.read_json()',
          `    change(data${gate ? ', value' : ''})`,
          '    hooking.write_json(data)',
        ],
      };
    case 'change networks':
      return { change: networkChange(), main: networkMain(true) };
    case 'note networks':
      return { change: networkChange(), main: networkMain(false) };
    case 'note domain':
      return {
        change: [],
        main: [
          '    domxml = hooking.read_domxml()',
          "    vm_name = domxml.getElementsByTagName('name')[0].firstChild.data",
          ...say('%s, VM %s', `${value}, vm_name`),
        ],
      };
    case 'note device':
      return {
        change: [],
        main: [
          '    devxml = hooking.read_domxml()',
          '    device = devxml.documentElement.tagName',
          ...say('%s, device %s', `${value}, device`),
        ],
      };
    case 'note vm':
      return { change: [], main: say('%s, VM %s', `${value}, os.environ.get('vmId')`) };
    case 'note json':
      return { change: [], main: ['    data = hooking.read_json()', ...say('%s', 'sorted(data)')] };
    case 'silent':
      return {
        change: [],
        main: [
          '    # VDSM comes by every few seconds: be quick, and write no log.',
          '    hooking.read_json()',
        ],
      };
    default:
      return { change: [], main: say('%s', value) };
  }
}

function xml(what: string, value: string): string[] {
  return [
    `    ${what} = hooking.read_domxml()`,
    `    change(${[what, value].filter(Boolean).join(', ')})`,
    `    hooking.write_domxml(${what})`,
  ];
}

function networkChange(): string[] {
  return [
    'def handle(network, attrs, value):',
    "    sys.stderr.write('%s: %s, network %s\\n' % (HOOK, value, network))",
  ];
}

/** The request has all networks that are to change; those that go have `remove`. */
function networkMain(writes: boolean): string[] {
  return [
    '    data = hooking.read_json()',
    "    for network, attrs in data['request']['networks'].items():",
    "        value = attrs.get('custom', {}).get(PROPERTY)",
    '        if value is not None:',
    '            handle(network, attrs, value)',
    ...(writes ? ['    hooking.write_json(data)'] : []),
  ];
}
