import type { HookContext } from '../../src/lint/context.ts';
import { lintScript } from '../../src/lint/script.ts';

export const QEMU: HookContext = { kind: 'libvirt', driver: 'qemu' };

/** A hook of VDSM's at these events, whose README names the property `known`. */
export function vdsm(...events: readonly string[]): HookContext {
  return { kind: 'vdsm', events, declares: name => name === 'known' };
}

/** What is found in a script, as `id line`. */
export function found(text: string, context: HookContext, name = '50_hook', placed = true): string[] {
  const content = Buffer.from(text, 'utf8');
  return lintScript({ content, name, placed }, context).map(({ id, line }) => `${id} ${line}`);
}
