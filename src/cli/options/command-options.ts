import { type Command, Option } from 'commander';
import { ORDERS } from '../inventory/order-hosts.ts';
import { rerunOption } from '../runs/rerun-words.ts';
import { catalogOption } from './catalog-option.ts';
import { connectionOptions } from './connection-options.ts';
import { engineApiOptions } from './engine-api-options.ts';
import { positiveInteger } from './positive-integer.ts';
import { recordOptions } from './record-options.ts';

/** A command that reads a playbook and works on the fleet. */
export function playbookCommand(command: Command): Command {
  const withPlaybook = command.argument('<playbook>', 'a YAML file: the plays');
  return catalogOption(fleetOptions(withPlaybook), 'catalog beside the playbook');
}

/** The options of every command that works on the fleet. */
export function fleetOptions(command: Command): Command {
  const limited = inventoryOption(command)
    .option('-l, --limit <pattern>', 'only hosts that match as well: a:b, a:&b, a:!b, globs')
    .option(
      '--rerun <which>',
      'only hosts that an earlier run left failed, unreachable, skipped or cancelled: failed,skipped[:RUN]',
      rerunOption,
    )
    .option('-f, --forks <number>', 'how many hosts at once (default: 50)', text => positiveInteger(text));
  return recordOptions(loginOptions(limited))
    .option(
      '--lock-wait <seconds>',
      'how long to wait for another hookfleet on a host or engine (default: 60, at most 86400)',
      text => positiveInteger(text, 86_400),
    )
    .option(
      '--dnf-lock-wait <seconds>',
      "how long to wait for another one's dnf (default: 60, at most 3600)",
      text => positiveInteger(text, 3600),
    )
    .option('--script-timeout <seconds>', 'how long a host may take to look at itself (default: 300)', text =>
      positiveInteger(text, 86_400),
    )
    .option(
      '--transaction-timeout <seconds>',
      'how long each dnf transaction may take (default: 1800)',
      text => positiveInteger(text, 86_400),
    )
    .addOption(
      new Option('--order <order>', 'in which order hosts come into batches (default: inventory)').choices(
        ORDERS,
      ),
    )
    .option('--diff', 'show the whole text before and after each change')
    .option('--json', 'print one JSON document on stdout')
    .option('--junit <file>', 'write a report in JUnit XML, a test suite a host')
    .option('--metrics <file>', "write metrics for the textfile collector of Prometheus' node_exporter")
    .option('--html <file>', 'write a page that shows the whole fleet')
    .option('-v, --verbose', 'show every host by its name, the unchanged ones too')
    .option('--quiet', 'show only what needs somebody, and the totals');
}

/** How a command comes onto a host, and to root's rights there. */
export function loginOptions(command: Command): Command {
  return connectionOptions(command)
    .option('-u, --user <name>', 'login user, where the inventory names none')
    .option('--private-key <file>', 'identity file, where the inventory names none')
    .option('--known-hosts <file>', 'trust the host keys in this file, instead of ~/.ssh/known_hosts')
    .addOption(
      new Option(
        '--host-key-checking <mode>',
        'accept-new records the first key that a host shows (default: strict)',
      ).choices(['strict', 'accept-new']),
    )
    .option('--key-passphrase-file <file>', 'opens encrypted identity files, in the place of a question')
    .addOption(new Option('-k, --ask-pass', 'ask for the login password').conflicts('connectionPasswordFile'))
    .option('--connection-password-file <file>', 'the login password: a file, a program, or - for stdin')
    .option('-b, --become', "take root's rights with sudo, in every play")
    .addOption(
      new Option('-K, --ask-become-pass', 'ask for the password that sudo wants').conflicts(
        'becomePasswordFile',
      ),
    )
    .option('--become-password-file <file>', 'the password for sudo: a file, a program, or - for stdin');
}

/** What a command reads the inventory with; an engine may be one. */
export function inventoryOption(command: Command): Command {
  const withInventory = command
    .option(
      '-i, --inventory <file>',
      'inventory file, folder, program, host1,host2, or engine+https://NAME (may be given several times)',
      gather,
    )
    .option('--vault-password-file <file>', 'the password of ansible-vault: a file, or a program', gather)
    .option('--vault-id <label@file>', 'the same, of the values with this label', gather)
    .option('--ask-vault-pass', 'ask for the password of ansible-vault');
  return engineApiOptions(withInventory);
}

function gather(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}
