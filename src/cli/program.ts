import { Command, InvalidArgumentError, Option } from 'commander';
import type { DemoOptions } from './demo.ts';
import type { HooksOptions } from './hooks.ts';
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

function addHooks(hooks: Command, done: (exitCode: number) => void): void {
  hooks.description('look hooks and events up in the catalogue').helpCommand(false);
  const json = ['--json', 'print one JSON document on stdout'] as const;
  hooks
    .command('list')
    .description('the hooks that VDSM has, and those that come from elsewhere')
    .option('--all', 'also those that VDSM no longer has')
    .option(...json)
    .action(async (options: HooksOptions) => {
      const { listHooks } = await import('./hooks.ts');
      done(listHooks(options));
    });
  hooks
    .command('show')
    .description('what a hook does and needs, its files, properties, versions and defects')
    .argument('<name>', 'the name of a hook, or of its package')
    .option(...json)
    .action(async (name: string, options: HooksOptions) => {
      const { showHook } = await import('./hooks.ts');
      done(showHook(name, options));
    });
  hooks
    .command('events')
    .description('the events at which VDSM runs hooks, or the rules of one')
    .argument('[event]', 'the name of an event: before_vm_start …')
    .option(...json)
    .action(async (event: string | undefined, options: HooksOptions) => {
      const { showEvents } = await import('./hooks.ts');
      done(showEvents(event, options));
    });
}

function playbookCommand(command: Command): Command {
  return fleetOptions(command.argument('<playbook>', 'a YAML file: the plays'));
}

function fleetOptions(command: Command): Command {
  return inventoryOption(command)
    .option('-l, --limit <pattern>', 'only hosts that match as well: a:b, a:&b, a:!b, globs')
    .option('-f, --forks <number>', 'how many hosts at once (default: 50)', text => positiveInteger(text))
    .option('-u, --user <name>', 'login user, where the inventory names none')
    .option('--private-key <file>', 'identity file, where the inventory names none')
    .option('--known-hosts <file>', 'trust the host keys in this file, instead of ~/.ssh/known_hosts')
    .option('-b, --become', "take root's rights with sudo, in every play")
    .option(
      '--dnf-lock-wait <seconds>',
      "how long to wait for another one's dnf (default: 60, at most 3600)",
      text => positiveInteger(text, 3600),
    )
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

function positiveInteger(text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1 || number > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
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
