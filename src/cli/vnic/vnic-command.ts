import type { Command } from 'commander';
import { engineOptionsOf, type VmOptions } from '../vm/vm-options.ts';

const PROFILES = 'PROFILE, NETWORK/PROFILE, DATACENTER/NETWORK/PROFILE, globs of these, or ids';

export interface VnicSetOptions extends VmOptions {
  readonly unset?: readonly string[];
  /** False with `--no-filter`. */
  readonly filter?: boolean;
}

/** The commands about the custom properties of vNIC profiles. */
export function addVnic(vnic: Command, done: (exitCode: number) => void): void {
  vnic
    .description("the custom properties and network filters of vNIC profiles, by the engine's API")
    .helpCommand(false);
  engineOptionsOf(vnic.command('show'))
    .argument('[profiles...]', PROFILES)
    .description('the custom properties of vNIC profiles, and their network filters')
    .action(async (words: string[], options: VmOptions) => {
      const { showProfiles } = await import('./vnic-show.ts');
      done(await showProfiles(words, options));
    });
  engineOptionsOf(vnic.command('set'))
    .argument('<words...>', `vNIC profiles (${PROFILES}), and properties: name=value`)
    .usage('[options] <profile...> [name=value...]')
    .description('set custom properties of vNIC profiles, or take their network filters away')
    .option('--unset <name>', 'take this property away (may be given several times)', gather)
    .option('--no-filter', 'take the network filter away: what the hook macspoof was for')
    .option('--check', 'only show what differs')
    .option('--yes', 'do not ask before changing anything')
    .action(async (words: string[], options: VnicSetOptions) => {
      const { setProfiles } = await import('./vnic-set.ts');
      done(await setProfiles(words, options));
    });
}

function gather(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}
