import { Command, Option } from 'commander';
import type { DemoOptions } from './demo/demo.ts';
import { addDoctor } from './doctor/doctor-command.ts';
import { addEngine } from './engine/engine-command.ts';
import { addLock } from './engine/lock-command.ts';
import { addHooks } from './hooks/hooks-command.ts';
import { addInventory } from './inventory/inventory-command.ts';
import { keepHelpBrief } from './options/brief-help.ts';
import { playbookCommand } from './options/command-options.ts';
import { deepOption, engineGuardOptions } from './options/engine-view-options.ts';
import type { FleetOptions } from './options/options.ts';
import { addInstall, addRemove } from './plays/install-command.ts';
import { addRuns } from './runs/runs-command.ts';
import { addStart } from './start/start-command.ts';
import { addTrust } from './trust/trust-command.ts';
import { readVersion } from './version.ts';
import { addVm } from './vm/vm-command.ts';
import { addVnic } from './vnic/vnic-command.ts';

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
    .option('--config <file>', 'the settings, in the place of hookfleet.cfg')
    .helpCommand(false)
    .exitOverride()
    .hook('preAction', async (_, command) => {
      const { settle } = await import('./settings/settle.ts');
      await settle(command);
    })
    .showHelpAfterError('(hookfleet --help shows the commands and options)')
    .addHelpText('after', EXIT_CODES);

  const apply = engineGuardOptions(deepOption(playbookCommand(program.command('apply'))))
    .description('bring the fleet to the state that a playbook declares')
    .option('--yes', 'do not ask before changing anything')
    .option('--check', 'only show what differs: the same as the command check')
    .addOption(new Option('--dry-run', 'the same as --check').implies({ check: true }));
  apply.action(async (playbook: string, options: FleetOptions) => {
    const { runPlaybook } = await import('./plays/run-playbook.ts');
    done(await runPlaybook(options.check ? 'check' : 'apply', playbook, options));
  });

  deepOption(playbookCommand(program.command('check')))
    .description('show what differs from the state that a playbook declares; changes nothing')
    .option('--print-probe', 'print the script that the first host would get, and contact nobody')
    .action(async (playbook: string, options: FleetOptions) => {
      const { runPlaybook } = await import('./plays/run-playbook.ts');
      done(await runPlaybook('check', playbook, options));
    });

  addInstall(program.command('install'), done);
  addRemove(program.command('remove'), done);

  addInventory(program.command('inventory'), done);
  addHooks(program.command('hooks'), done);
  addEngine(program.command('engine'), done);
  addLock(program.command('lock'), done);
  addTrust(program.command('trust'), done);
  addRuns(program.command('runs'), done);
  addVm(program.command('vm'), done);
  addVnic(program.command('vnic'), done);
  addDoctor(program.command('doctor'), done);
  addStart(program, done);

  program
    .command('demo')
    .description('what this does, told on a fleet of simulated hosts on this machine')
    .option('--keep', 'leave such a fleet up, to play with, until an interrupt')
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./demo/demo.ts');
      done(await demo(options));
    });
  keepHelpBrief(program);
  return program;
}

const EXIT_CODES = `
Exit codes, the first that applies:
  130 interrupted · 2 usage or input error · 1 a host failed, or the run stopped
  4 a host unreachable · 3 drift found by check · 0 all is as it should be`;
