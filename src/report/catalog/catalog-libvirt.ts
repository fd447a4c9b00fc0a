import {
  type LibvirtDriverHooks,
  type LibvirtOperation,
  SHUTOFF_REASONS,
} from '../../catalog/libvirt-drivers.ts';
import { type DriverOperation, isAlive } from '../../catalog/libvirt-events.ts';
import { DROP_INS_SINCE } from '../../catalog/libvirt-gates.ts';
import { LIBVIRT_HOOK_USER, LIBVIRT_RULES, notesOf } from '../../catalog/libvirt-notes.ts';
import { bullets, facts, headings, type Look, section, table, wrap } from './catalog-layout.ts';

/** Where libvirt looks for hooks: the script of a driver, and its folder (libvirt: docs/hooks.rst). */
export const LIBVIRT_ROOT = '/etc/libvirt/hooks';

/** Operations of libvirt's drivers as a table for people, a line each; it fits 80 columns. What no libvirt calls today is dim. */
export function operationList(operations: readonly DriverOperation[], { paint }: Look): string {
  const yes = (fact: boolean) => ({ text: fact ? 'yes' : '-' });
  return table([
    headings(['DRIVER/OPERATION', 'STDIN', 'OUTPUT', 'ABORTS', 'USER', 'LIBVIRT'], paint),
    ...operations.map(({ driver, operation }) => [
      {
        text: `${driver.driver}/${operation.name}`,
        paint: isAlive(operation) ? paint.bold : paint.dim,
      },
      { text: operation.stdin },
      yes(operation.output),
      yes(operation.aborts && isAlive(operation)),
      { text: LIBVIRT_HOOK_USER, paint: paint.warning },
      { text: lifeOf(operation) },
    ]),
  ]).join('\n');
}

/** A driver with what holds for all its scripts, and its operations, for people. */
export function driverPage(driver: LibvirtDriverHooks, look: Look): string {
  const { width, paint } = look;
  return [
    paint.bold(driver.driver),
    ...wrap(`What libvirt calls the hooks of its driver ${driver.driver} for.`, width),
    '',
    ...facts(driverFacts(driver), look),
    ...section(paint.bold('Operations'), indented(driver, look)),
    ...section(paint.bold('Which scripts run, and how'), bullets(LIBVIRT_RULES, width)),
  ].join('\n');
}

function indented(driver: LibvirtDriverHooks, look: Look): string[] {
  const operations = driver.operations.map(operation => ({ driver, operation }));
  return operationList(operations, look)
    .split('\n')
    .map(line => `  ${line}`);
}

function driverFacts(hooks: LibvirtDriverHooks): (readonly [string, string])[] {
  const { driver, since, daemons } = hooks;
  return [
    ['Since', `libvirt ${since}`],
    ['Script', `${LIBVIRT_ROOT}/${driver}`],
    ['Folder', `${LIBVIRT_ROOT}/${driver}.d, from libvirt ${DROP_INS_SINCE} on`],
    ['User', userOf(hooks)],
    ['Called by', daemons.map(({ unit }) => unit).join(', ')],
  ];
}

/** One operation of a driver, for people: its arguments, what comes in, what goes out, what a failure does. */
export function operationPage({ driver, operation }: DriverOperation, look: Look): string {
  const { width, paint } = look;
  const { when, failure, notes } = notesOf(driver.driver, operation);
  const { stdin, output, instead } = operation;
  return [
    paint.bold(`${driver.driver}/${operation.name}`),
    ...wrap(when, width),
    '',
    ...facts(
      [
        ['Since', sinceSentence(operation)],
        ...(instead === undefined ? [] : [['Instead', instead] as const]),
        ['Called as', callOf(driver, operation)],
        ['Script', `${LIBVIRT_ROOT}/${driver.driver}, ${LIBVIRT_ROOT}/${driver.driver}.d/*`],
        ['User', userOf(driver)],
        ['Input', INPUTS[stdin]],
        [
          'Output',
          output ? 'stdout: where it is not empty, the new domain XML' : 'none: stdout is thrown away',
        ],
        ...(operation.since === null ? [] : [['Failure', failure] as const]),
      ],
      look,
    ),
    ...section(paint.bold('Worth knowing'), bullets([...reasons(operation), ...notes], width)),
    ...section(paint.bold('Which scripts run, and how'), bullets(LIBVIRT_RULES, width)),
  ].join('\n');
}

/** Only QEMU and networks have daemons of a user's own session, which read the same folder. */
function userOf({ driver }: LibvirtDriverHooks): string {
  return ['qemu', 'network', 'daemon'].includes(driver)
    ? `${LIBVIRT_HOOK_USER}; the daemons of a session (qemu:///session) run them as its user`
    : LIBVIRT_HOOK_USER;
}

const INPUTS: Readonly<Record<LibvirtOperation['stdin'], string>> = {
  none: 'none',
  domain: 'the domain XML, on stdin',
  'domain with secrets': 'the domain XML with its secrets, on stdin',
  network: 'XML on stdin: hookData with the network in it',
  'network port': 'XML on stdin: hookData with the network and the port in it',
};

function reasons({ reasonSince }: LibvirtOperation): string[] {
  return reasonSince === undefined ? [] : [`The reason is one of ${SHUTOFF_REASONS.join(', ')}.`];
}

/** The arguments as they stand behind the script's name; always four. */
function callOf({ object }: LibvirtDriverHooks, operation: LibvirtOperation): string {
  const { name, subOperation, extra, reasonSince } = operation;
  const call = `HOOK ${object === '-' ? '-' : 'NAME'} ${name} ${subOperation}`;
  return reasonSince === undefined
    ? `${call} ${extra}`
    : `${call} REASON, such as ${extra} or "from snapshot" (before libvirt ${reasonSince}: -)`;
}

function sinceSentence({ since, removedIn }: LibvirtOperation): string {
  if (since === null) {
    return 'no release of libvirt calls it';
  }
  return removedIn === undefined ? `libvirt ${since}` : `libvirt ${since}; no longer from ${removedIn} on`;
}

function lifeOf({ since, removedIn }: LibvirtOperation): string {
  return since === null ? 'never' : removedIn === undefined ? since : `${since} to ${removedIn}`;
}

/** A driver as `--json` prints it. */
export function driverDocument(driver: LibvirtDriverHooks) {
  return {
    name: driver.driver,
    script: `${LIBVIRT_ROOT}/${driver.driver}`,
    folder: `${LIBVIRT_ROOT}/${driver.driver}.d`,
    folderSince: DROP_INS_SINCE,
    since: driver.since,
    user: LIBVIRT_HOOK_USER,
    daemons: driver.daemons.map(({ unit }) => unit),
    operations: driver.operations.map(operation => operationDocument({ driver, operation })),
    rules: LIBVIRT_RULES,
  };
}

/** An operation as `--json` prints it; every key is always there. */
export function operationDocument({ driver, operation }: DriverOperation) {
  const { name, subOperation, extra, reasonSince, since, removedIn, stdin, output, aborts, instead } =
    operation;
  const { when, failure, notes } = notesOf(driver.driver, operation);
  return {
    name: `${driver.driver}/${name}`,
    driver: driver.driver,
    operation: name,
    when,
    arguments: {
      object: driver.object,
      subOperation,
      extra,
      reasonSince: reasonSince ?? null,
      reasons: reasonSince === undefined ? [] : SHUTOFF_REASONS,
    },
    since,
    removedIn: removedIn ?? null,
    user: LIBVIRT_HOOK_USER,
    input: stdin,
    output,
    aborts: aborts && since !== null,
    failure: since === null ? null : failure,
    instead: instead ?? null,
    notes,
  };
}
