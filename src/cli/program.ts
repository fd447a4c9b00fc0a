import { Command, Option } from 'commander';
import { fleetOptions, inventoryOption, playbookCommand } from './command-options.ts';
import type { DemoOptions } from './demo.ts';
import { addHooks } from './hooks-command.ts';
import type { InstallOptions } from './install.ts';
import type { FleetOptions, InventoryOptions } from './options.ts';
import { readVersion } from './version.ts';

/**
 * The commands and their options; what a command does is loaded when it is called, so that `--help` is quick.
 *
 * @param done takes the exit code of the command that ran.
 */
export function buildProgram(done: (exitCode: number) => void): Command {
  const program = new Command('hookfleet')
    .description(
      'Rolls VDSM and libvirt hooks out to a fleet of hypervisors over plain SSH, and keeps them there.',
    )
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(hookfleet --help shows the commands and options)')
    .addHelpText('after', EXIT_CODES);

  const apply = playbookCommand(program.command('apply'))
    .description('bring the fleet to the state that a playbook declares')
    .option('--yes', 'do not ask before changing anything')
    .option('--check', 'only show what differs: the same as the command check')
    .addOption(new Option('--dry-run', 'the same as --check').implies({ check: true }));
  apply.action(async (playbook: string, options: FleetOptions) => {
    const { runPlaybook } = await import('./run-playbook.ts');
    done(await runPlaybook(options.check ? 'check' : 'apply', playbook, options));
  });

  playbookCommand(program.command('check'))
    .description('show what differs from the state that a playbook declares; changes nothing')
    .option('--print-probe', 'print the script that the first host would get, and contact nobody')
    .action(async (playbook: string, options: FleetOptions) => {
      const { runPlaybook } = await import('./run-playbook.ts');
      done(await runPlaybook('check', playbook, options));
    });

  fleetOptions(program.command('install'))
    .argument('<hooks...>', 'names of the catalogue, or of packages')
    .description('install hooks on all hypervisors, with the properties that they need, without a playbook')
    .option('--hosts <pattern>', 'the hosts (default: the group hypervisors, else all but the engine)')
    .option('--engine <pattern>', 'the engine host (default: the group engine)')
    .option('--no-engine', 'leave the custom properties out')
    .option('--yes', 'do not ask before changing anything')
    .option('--check', 'only show what differs')
    .option('--print-playbook', 'print the playbook that this is, and contact nobody')
    .action(
      async (hooks: string[], options: Omit<InstallOptions, 'engine'> & { engine?: string | boolean }) => {
        const { install } = await import('./install.ts');
        const { engine, ...others } = options;
        // Without either option the parser says true: the engine is to be looked for.
        done(
          await install(hooks, { ...others, ...(engine === true || engine === undefined ? {} : { engine }) }),
        );
      },
    );

  inventoryOption(program.command('inventory'))
    .description('show what was understood of an inventory, as ansible-inventory prints it')
    .option('--list', 'all groups, hosts and variables, as JSON')
    .option('--host <name>', 'the variables of one host, as JSON')
    .option('--graph', 'the groups and hosts, as a tree')
    .action(async (options: InventoryOptions) => {
      const { showInventory } = await import('./inventory.ts');
      done(await showInventory(options));
    });

  addHooks(program.command('hooks'), done);

  program
    .command('demo')
    .description('what this does, told on a fleet of simulated hosts on this machine')
    .option('--keep', 'leave such a fleet up, to play with, until an interrupt')
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./demo.ts');
      done(await demo(options));
    });
  return program;
}

const EXIT_CODES = `
Exit codes, the first that applies:
  130 interrupted · 2 usage or input error · 1 a host failed, or the failure budget stopped the run
  4 a host unreachable · 3 drift found by check · 0 all is as it should be

Examples:
  hookfleet check playbooks/hooks.yml -i inventories/example.ini
  hookfleet apply playbooks/hooks.yml -i inventories/example.ini --limit kvm-01.example.org
  hookfleet inventory -i inventories/example.ini --graph`;
