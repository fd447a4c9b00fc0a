import type { HookPoint } from '../../catalog/events.ts';
import { isNetworkEvent, type NewHook } from './new-hook.ts';

/**
 * What the script of a new hook does, so that somebody can go on from there: `change` writes its input back, `note`
 * tells on stderr what it was given, and `silent` does neither, for events that run every few seconds.
 */
export type Task =
  | 'change domain'
  | 'change device'
  | 'change networks'
  | 'change json'
  | 'note domain'
  | 'note device'
  | 'note networks'
  | 'note vm'
  | 'note json'
  | 'note'
  | 'silent';

/** The task of the script for an event; nothing is written where VDSM does not read it. */
export function taskOf(point: HookPoint): Task {
  const verb = point.output ? 'change' : 'note';
  switch (point.input) {
    case 'domain':
    case 'device':
      return `${verb} ${point.input}`;
    case 'json':
      if (isNetworkEvent(point)) {
        return `${verb} networks`;
      }
      return point.output ? 'change json' : isFrequent(point) ? 'silent' : 'note json';
    default:
      return point.properties === 'vm' ? 'note vm' : 'note';
  }
}

/** The engine asks for these every few seconds, so each line on stderr would fill vdsm.log. */
function isFrequent({ name }: HookPoint): boolean {
  return /_get_(?:caps|stats|vm_stats|all_vm_stats)$/.test(name);
}

/** Whether the script of an event acts only where the custom property of its VM or device is there. */
export function asksProperty(point: HookPoint): boolean {
  return point.properties !== 'none';
}

/** What a script is, in lines for its head: the event's sentence, its property, what a failure does. */
export function aboutScript(hook: NewHook, point: HookPoint): readonly string[] {
  const { property } = hook;
  const network = isNetworkEvent(point);
  return [
    hook.name,
    '',
    hook.summary,
    '',
    `Event: ${point.name}, as user ${point.user}.`,
    point.aborts
      ? 'An exit status other than 0 makes the operation fail.'
      : 'An exit status other than 0 is logged, and the operation goes on.',
    ...(property && (asksProperty(point) || network)
      ? [`Property: ${property.name}, a custom property of the ${owner(point)}.`]
      : []),
  ];
}

/** Whose custom property it is, as a noun. */
export function owner(point: HookPoint): string {
  return isNetworkEvent(point) ? 'network' : point.properties === 'device' ? 'VM or the device' : 'VM';
}
