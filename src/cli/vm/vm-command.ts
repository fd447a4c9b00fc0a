import type { Command } from 'commander';
import {
  cycleOptions,
  engineOptionsOf,
  searchOption,
  type VmOptions,
  type VmSetOptions,
} from './vm-options.ts';

const VMS = 'names, globs, DATACENTER/NAME, or ids';

/** The commands about the custom properties of VMs. */
export function addVm(vm: Command, done: (exitCode: number) => void): void {
  vm.description("the custom properties of VMs, by the engine's API").helpCommand(false);
  engineOptionsOf(searchOption(vm.command('show')))
    .argument('[vms...]', VMS)
    .description('the custom properties of VMs, and what waits for their next start')
    .action(async (words: string[], options: VmOptions) => {
      const { showVms } = await import('./vm-show.ts');
      done(await showVms(words, options));
    });
  engineOptionsOf(cycleOptions(searchOption(vm.command('set'))))
    .argument('<words...>', `VMs (${VMS}), and properties: name=value`)
    .usage('[options] <vm...> <name=value...>')
    .description('set custom properties of VMs; the others of a VM stay as they are')
    .option('--unset <name>', 'take this property away (may be given several times)', gather)
    .option('--restart', 'shut the VMs down by their guests, and start them, where the change waits for that')
    .option('--check', 'only show what differs')
    .option('--yes', 'do not ask before changing anything')
    .action(async (words: string[], options: VmSetOptions, command: Command) => {
      const { setVms } = await import('./vm-set.ts');
      const typed = Object.entries(options).filter(([name]) => command.getOptionValueSource(name) === 'cli');
      done(await setVms(words, options, Object.fromEntries(typed)));
    });
  engineOptionsOf(cycleOptions(searchOption(vm.command('start'))))
    .argument('[vms...]', VMS)
    .description('start VMs that are down, and wait until they are up')
    .action(async (words: string[], options: VmSetOptions) => {
      const { startVms } = await import('./vm-start.ts');
      done(await startVms(words, options));
    });
}

function gather(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}
