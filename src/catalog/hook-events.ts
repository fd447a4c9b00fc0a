import { HOOK_POINTS } from './events.ts';
import { HOOKS, type Hook } from './hooks.ts';

/** The events of a hook, each once, in the order of {@link HOOK_POINTS}. */
export function eventsOf(hook: Hook): string[] {
  const own = new Set(hook.files.map(file => file.event));
  return HOOK_POINTS.map(point => point.name).filter(name => own.has(name));
}

/** The hooks with a script at an event, of those that hookfleet knows or of the given ones; those that VDSM no longer has are left out. */
export function hooksAt(event: string, hooks: readonly Hook[] = HOOKS): Hook[] {
  return hooks.filter(hook => hook.status !== 'removed' && hook.files.some(file => file.event === event));
}
