import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseHops } from '../../core/jump.ts';
import { positiveInteger } from './positive-integer.ts';

/** The options that say how hosts are reached. */
export function connectionOptions(command: Command): Command {
  return command
    .option(
      '-J, --jump <hosts>',
      'jump hosts, where the inventory names none: [user@]host[:port],…',
      jumpHosts,
    )
    .option('-F, --ssh-config <file>', 'read this ssh_config alone; none for none')
    .addOption(
      new Option(
        '--ssh-algorithms <which>',
        'legacy adds what old servers need, SHA-1 among it (default: modern)',
      ).choices(['modern', 'legacy']),
    )
    .option(
      '-T, --timeout <seconds>',
      'how long a host may take until it greets, each try anew (default: 10)',
      text => positiveInteger(text, LONGEST_SECONDS),
    )
    .option('--connect-tries <number>', 'how often to try to reach a host (default: 3)', text =>
      positiveInteger(text, 100),
    )
    .option(
      '--connect-limit <seconds>',
      'for all tries of a host and the login together (default: 45)',
      text => positiveInteger(text, LONGEST_SECONDS),
    )
    .option(
      '--keepalive <seconds>',
      'how often to ask a silent host; three times without answer and it is given up (default: 10)',
      text => positiveInteger(text, LONGEST_SECONDS),
    );
}

const LONGEST_SECONDS = 86_400;

function jumpHosts(text: string): string {
  if (parseHops(text) === undefined) {
    throw new InvalidArgumentError(
      'It must be [user@]host[:port], several with commas, an IPv6 address in brackets.',
    );
  }
  return text;
}
