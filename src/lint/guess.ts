import { findOperation, type LibvirtDriver } from '../catalog/libvirt-drivers.ts';
import { isReal } from './operations.ts';
import { readPython } from './python/lines.ts';
import { askedOperations } from './python/operations.ts';
import { languageOf } from './script.ts';
import { commandsOf } from './shell/commands.ts';
import { parseShell } from './shell/parse.ts';
import { askedAnywhere } from './shell/reach.ts';

/**
 * Whose hook a script is that lies where nothing tells it: VDSM's where it uses VDSM's module or files, libvirt's where
 * it asks its second argument for one of libvirt's operations.
 */
export function guessOwner(content: Uint8Array, name: string): 'vdsm' | LibvirtDriver | undefined {
  const text = Buffer.from(content).toString('utf8');
  if (/^[ \t]{0,40}(?:import|from) hooking\b|_hook_(?:domxml|json)\b/m.test(text)) {
    return 'vdsm';
  }
  const asked = askedFor(text, languageOf(content, name));
  return (['qemu', 'network'] as const).find(driver => asked.some(one => isReal(findOperation(driver, one))));
}

function askedFor(text: string, language: ReturnType<typeof languageOf>): string[] {
  if (language === 'python') {
    return askedOperations(readPython(text)).map(one => one.name);
  }
  const script = language === 'shell' ? parseShell(text) : undefined;
  return script === undefined
    ? []
    : askedAnywhere(script.items, commandsOf(script.items)).map(one => one.name);
}
