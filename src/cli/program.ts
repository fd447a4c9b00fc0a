import { Command, InvalidArgumentError, Option } from 'commander';
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

  const apply = fleetCommand(program.command('apply'))
    .description('bring the fleet to the state that a playbook declares')
    .option('--yes', 'do not ask before changing anything')
    .option('--check', 'only show what differs: the same as the command check')
    .addOption(new Option('--dry-run', 'the same as --check').implies({ check: true }));
  apply.action(async (playbook: string, options: FleetOptions) => {
    const { runPlaybook } = await import('./run-playbook.ts');
    done(await runPlaybook(options.check ? 'check' : 'apply', playbook, options));
  });

  fleetCommand(program.command('check'))
    .description('show what differs from the state that a playbook declares; changes nothing')
    .action(async (playbook: string, options: FleetOptions) => {
      const { runPlaybook } = await import('./run-playbook.ts');
      done(await runPlaybook('check', playbook, options));
    });

  inventoryOption(program.command('inventory'))
    .description('show what was understood of an inventory, as ansible-inventory prints it')
    .option('--list', 'all groups, hosts and variables, as JSON')
    .option('--host <name>', 'the variables of one host, as JSON')
    .option('--graph', 'the groups and hosts, as a tree')
    .action(async (options: InventoryOptions) => {
      const { showInventory } = await import('./inventory.ts');
      done(await showInventory(options));
    });

  return program;
}

function fleetCommand(command: Command): Command {
  return inventoryOption(command.argument('<playbook>', 'a YAML file: the plays'))
    .option('-l, --limit <pattern>', 'only hosts that match as well: a:b, a:&b, a:!b, globs')
    .option('-f, --forks <number>', 'how many hosts at once (default: 50)', positiveInteger)
    .option('-u, --user <name>', 'login user, where the inventory names none')
    .option('--private-key <file>', 'identity file, where the inventory names none')
    .option('-b, --become', "take root's rights with sudo, in every play")
    .option('--diff', 'show the whole text before and after each change')
    .option('--json', 'print one JSON document on stdout')
    .option('-v, --verbose', 'show every host, the unchanged ones too');
}

function inventoryOption(command: Command): Command {
  return command.requiredOption(
    '-i, --inventory <file>',
    'inventory file; may be given several times',
    (file: string, files: readonly string[] = []) => [...files, file],
  );
}

function positiveInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  }
  return number;
}

const EXIT_CODES = `
Exit codes, the first that applies:
  130 interrupted · 2 usage or input error · 1 a host failed, or the failure budget stopped the run
  4 a host unreachable · 3 drift found by check · 0 all is as it should be

Examples:
  hookfleet check playbooks/hooks.yml -i inventories/example.ini
  hookfleet apply playbooks/hooks.yml -i inventories/example.ini --limit kvm-01.example.org
  hookfleet inventory -i inventories/example.ini --graph`;
