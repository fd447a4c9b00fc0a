import { type Command, Help, type Option } from 'commander';
import { EXAMPLES } from './examples.ts';

/** Options that a first look at a command can do without; `--help-all` shows them as well. */
const SELDOM: ReadonlySet<string> = new Set([
  '--vault-password-file',
  '--vault-id',
  '--ask-vault-pass',
  '--engine-password-file',
  '--engine-ca',
  '--private-key',
  '--ssh-config',
  '--ssh-algorithms',
  '--timeout',
  '--connect-tries',
  '--connect-limit',
  '--keepalive',
  '--known-hosts',
  '--host-key-checking',
  '--key-passphrase-file',
  '--ask-pass',
  '--connection-password-file',
  '--become-password-file',
  '--record',
  '--no-record',
  '--lock-wait',
  '--dnf-lock-wait',
  '--script-timeout',
  '--transaction-timeout',
  '--order',
  '--junit',
  '--metrics',
  '--catalog',
  '--print-probe',
  '--dry-run',
  '--health-url',
  '--health-timeout',
  '--restart-busy-engine',
  '--remove-used-properties',
  '--accept-risk',
  '--engine',
  '--hypervisors',
]);

/** The same, but for the commands that are about the engine's API. */
const SELDOM_ELSEWHERE: ReadonlySet<string> = new Set(['--engine-url', '--engine-user']);

/** What the commands are for in a line of the program's own help. */
const SUMMARIES: Readonly<Record<string, string>> = {
  apply: 'bring the fleet to the state that a playbook declares',
  check: 'show what differs from that state; changes nothing',
  install: 'install hooks everywhere, without a playbook',
  remove: 'take hooks away everywhere, without a playbook',
  inventory: 'show what was understood of an inventory',
  hooks: 'the catalogue of hooks; lint, try and write hooks',
  engine: 'custom properties of engines: show, history, restore',
  lock: 'locks of engines: status, release',
  trust: 'record host keys, on consent',
  runs: 'records of earlier runs',
  vm: "custom properties of VMs, by the engine's API",
  vnic: 'custom properties and filters of vNIC profiles',
  doctor: 'what is missing here and on the hosts, and what to type',
  init: 'files to begin with',
  completion: 'completion for bash and zsh',
  schema: "the playbook's schema, for editors",
  demo: 'a simulated fleet, to look at or to play with',
};

const ALL = '--help-all';

/**
 * Makes the help of a program and of all its commands fit a screen: commands by a line each, of the options of a command
 * with many those that are used most, and examples at the end.
 */
export function keepHelpBrief(program: Command): void {
  const help = new Help();
  let all = false;
  for (const { command, path } of everyCommand(program)) {
    const aboutApi = /^(?:vm|vnic)\b/.test(path);
    const isSeldom = ({ long }: Option) =>
      SELDOM.has(long ?? '') || (!aboutApi && SELDOM_ELSEWHERE.has(long ?? ''));
    command.configureHelp({
      showGlobalOptions: false,
      subcommandTerm: below => below.name(),
      subcommandDescription: below =>
        (path === '' ? SUMMARIES[below.name()] : undefined) ?? below.description(),
      visibleOptions: shown => help.visibleOptions(shown).filter(option => all || !isSeldom(option)),
    });
    if (command.options.some(isSeldom)) {
      command.option(ALL, 'print help with every option').on('option:help-all', () => {
        all = true;
        command.help();
      });
    }
    const examples = EXAMPLES[path];
    if (examples !== undefined) {
      command.addHelpText('after', `\nExamples:\n${examples.map(line => `  ${line}`).join('\n')}`);
    }
  }
}

/** A command with all those below it, each with the words that lead to it; the program itself has none. */
export function everyCommand(command: Command, path = ''): readonly { command: Command; path: string }[] {
  const below = command.commands.flatMap(one => everyCommand(one, `${path} ${one.name()}`.trim()));
  return [{ command, path }, ...below];
}
