import { findHookPoint } from '../catalog/events.ts';
import type { HookContext } from './context.ts';
import { type Finding, finding } from './finding.ts';

/** A variable of the environment that a script reads. */
export interface Read {
  readonly name: string;
  readonly line: number;
}

/** What VDSM itself, systemd or a shell puts into the environment of a hook, apart from all names in capitals. */
const NOT_PROPERTIES = /^(?:vmId|_hook_domxml|_hook_json|_|[A-Z0-9_]+|http_proxy|https_proxy|no_proxy)$/;

/** The properties that a VDSM hook reads and that nobody is told of, each once. */
export function undeclaredProperties(context: HookContext, reads: readonly Read[]): Finding[] {
  if (context.kind !== 'vdsm' || context.events.some(event => event.endsWith('_vm_set_ticket'))) {
    return [];
  }
  const seen = new Set<string>();
  return reads.flatMap(({ name, line }) => {
    if (NOT_PROPERTIES.test(name) || seen.has(name) || context.declares(name)) {
      return [];
    }
    seen.add(name);
    return [
      finding(
        'undeclared-property',
        line,
        `the property ${name} is read here and named nowhere, so nobody defines it in the engine and the hook does nothing`,
        `Name it with its regular expression in the README of the hook: ${name}=^.*$`,
      ),
    ];
  });
}

/** Reads of the temporary file in a form that none of the script's events has. */
export function wrongInput(context: HookContext, reads: readonly Read[]): Finding[] {
  const inputs = context.kind === 'vdsm' ? context.events.map(event => findHookPoint(event)?.input) : [];
  if (inputs.length === 0 || inputs.includes(undefined)) {
    return [];
  }
  const json = inputs.every(input => input === 'json');
  const xml = inputs.every(input => input !== 'json');
  const found = reads.find(({ name }) => (name === '_hook_domxml' && json) || (name === '_hook_json' && xml));
  return found === undefined
    ? []
    : [
        finding(
          'wrong-input',
          found.line,
          `VDSM gives this event ${json ? 'JSON' : 'XML'}, and sets no ${found.name}: reading it fails`,
          json ? 'Use hooking.read_json().' : 'Use hooking.read_domxml().',
        ),
      ];
}
