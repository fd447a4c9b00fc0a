import { findHookPoint } from '../catalog/events.ts';
import { driverHooks, type LibvirtDriver } from '../catalog/libvirt-drivers.ts';

/** What runs a script, as far as it is known: some rules are VDSM's alone, some libvirt's. */
export type HookContext =
  | {
      readonly kind: 'vdsm';
      /** Where it lies or is installed; empty where that is not known. */
      readonly events: readonly string[];
      /** Whether a property that it reads is named where its users look. */
      readonly declares: (property: string) => boolean;
    }
  | { readonly kind: 'libvirt'; readonly driver: LibvirtDriver }
  | { readonly kind: 'unknown' };

/** Whether a failing script can make an operation fail; so it is taken where the event is not known. */
export function canAbort(context: HookContext): boolean {
  switch (context.kind) {
    case 'vdsm':
      return (
        context.events.length === 0 || context.events.some(name => findHookPoint(name)?.aborts !== false)
      );
    case 'libvirt':
      return driverHooks(context.driver).operations.some(one => one.aborts);
    default:
      return true;
  }
}
