import { type Command, Option } from 'commander';
import { inventoryOption } from '../options/command-options.ts';
import { connectionOptions } from '../options/connection-options.ts';
import { positiveInteger } from '../options/positive-integer.ts';
import type { TrustOptions } from './trust-input.ts';

/** The command `trust` with its options. */
export function addTrust(command: Command, done: (exitCode: number) => void): void {
  connectionOptions(inventoryOption(command))
    .argument('[patterns...]', 'hosts and groups of the inventory (default: all)')
    .description('show the host keys of hosts, and record them in known_hosts on consent')
    .option('-l, --limit <pattern>', 'only hosts that match as well: a:b, a:&b, a:!b, globs')
    .option('-f, --forks <number>', 'how many hosts at once (default: 50)', text => positiveInteger(text))
    .option('--known-hosts <file>', 'record in this file, instead of ~/.ssh/known_hosts')
    .option('--fingerprints <file>', 'record only keys whose SHA256 fingerprints stand in this file')
    .option('--yes', 'record whatever the hosts show, without a question')
    .option('-u, --user <name>', 'login user, for ssh_config to go by: only jump hosts are logged in on')
    .option('--private-key <file>', 'identity file, for jump hosts')
    .option('--key-passphrase-file <file>', 'opens encrypted identity files, in the place of a question')
    .addOption(
      new Option('-k, --ask-pass', 'ask for the login password of jump hosts').conflicts(
        'connectionPasswordFile',
      ),
    )
    .option('--connection-password-file <file>', 'the same: a file, a program, or - for stdin')
    .option('--json', 'print one JSON document on stdout')
    .action(async (patterns: string[], options: TrustOptions) => {
      const { trust } = await import('./trust.ts');
      done(await trust(patterns, options));
    });
}
