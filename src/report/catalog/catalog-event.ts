import { HOOKS_ROOT, type HookPoint, SCRIPT_EXITS, type ScriptExit } from '../../catalog/events.ts';
import type { Hook } from '../../catalog/hooks.ts';
import { bullets, facts, type Look, section, table, wrap } from './catalog-layout.ts';

/** One hook point with the rules that matter to who writes or looks after a script there, for people. */
export function eventPage(point: HookPoint, hooks: readonly Hook[], look: Look): string {
  const { width, paint } = look;
  const title = (text: string) => paint.bold(text);
  return [
    paint.bold(point.name),
    ...wrap(point.when, width),
    '',
    ...facts(pointFacts(point), look),
    ...section(title('What the exit status of a script means'), [
      ...table(SCRIPT_EXITS.map(exitCells), '  '),
      ...wrap(
        point.aborts
          ? 'One failed script is enough to abort the operation.'
          : 'Failed or not, the operation goes on; vdsm.log has a line for each script.',
        width,
        '  ',
      ),
    ]),
    ...section(title('Which scripts run, and in which order'), bullets(rules(point), width)),
    ...section(title('Worth knowing'), bullets(point.notes, width)),
    ...section(
      title('Hooks of the catalogue here'),
      hooks.length === 0 ? [] : wrap(hooks.map(hook => hook.name).join(', '), width, '  '),
    ),
  ].join('\n');
}

function pointFacts(point: HookPoint): (readonly [string, string])[] {
  const { input, output, aborts, user, since } = point;
  return [
    ['Since', `VDSM ${since.vdsm} (oVirt ${since.ovirt})`],
    ['Folder', `${HOOKS_ROOT}/${point.name}`],
    ['User', user],
    ['Input', INPUTS[input]],
    [
      'Output',
      output
        ? 'what the scripts leave in that file: VDSM goes on with it'
        : 'none: what they write is thrown away',
    ],
    ['Properties', PROPERTIES[point.properties]],
    ['Failure', aborts ? 'aborts the operation' : 'is logged; the operation goes on'],
  ];
}

const INPUTS: Readonly<Record<HookPoint['input'], string>> = {
  domain: 'the domain XML of the VM, in the file that $_hook_domxml names',
  device: 'the XML of the one device, in the file that $_hook_domxml names',
  json: 'JSON, in the file that $_hook_json names',
  empty: 'none: the file that $_hook_domxml names is empty',
};

const PROPERTIES: Readonly<Record<HookPoint['properties'], string>> = {
  vm: 'those of the VM, as environment variables; $vmId is the VM',
  device:
    'those of the device and of the VM, as environment variables; of one name the VM wins; $vmId is the VM',
  none: 'none in the environment',
};

function exitCells({ status, failed, othersRun }: ScriptExit) {
  return [
    { text: status },
    { text: failed ? 'failed' : 'fine' },
    { text: othersRun ? 'the scripts after it run' : 'the scripts after it do not run' },
  ];
}

function rules({ user }: HookPoint): string[] {
  return [
    `Every file in the folder that user ${user} may execute, whatever its name: x.rpmsave, x~ and x.bak too. Names that begin with a dot, folders and dangling links are passed over.`,
    'A script without the x bit is skipped without a word.',
    'One after the other, in byte order of the names (10_a, 9_z, ZZ, aa); each finds in the file what the one before left.',
    'A missing interpreter or a CR in the #! line counts as failed (status 127).',
    'There is no time limit: a script that hangs holds the operation up.',
    'VDSM lists the folder at every call: a change needs no restart.',
  ];
}
