import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Secret } from '../../core/secret.ts';
import { engineUrl } from '../../engine/client/access.ts';

/** How the REST API of an engine is reached. The password itself is no option: everybody on the machine could read it. */
export interface EngineApiOptions {
  /** `https://host[:port]` */
  readonly engineUrl?: string;
  readonly engineUser?: string;
  readonly enginePasswordFile?: string;
  /** Of the environment variable; a file goes before it. */
  readonly enginePassword?: Secret;
  /** A file of certificates in PEM. */
  readonly engineCa?: string;
}

/** Adds those of the options that the command has not yet. */
export function engineApiOptions(command: Command): Command {
  const known = new Set(command.options.map(option => option.attributeName()));
  for (const option of newOptions()) {
    if (!known.has(option.attributeName())) {
      command.addOption(option);
    }
  }
  return command;
}

function newOptions(): Option[] {
  return [
    new Option('--engine-url <url>', "the engine's REST API: https://engine.example.org").argParser(readUrl),
    new Option('--engine-user <name>', "login at the engine's API: admin@internal"),
    new Option('--engine-password-file <file>', 'the password there: a file, a program, or - for stdin'),
    new Option('--engine-ca <file>', 'trust the authorities in this PEM file there, and no others'),
  ];
}

function readUrl(text: string): string {
  const url = engineUrl(text);
  if (url === undefined) {
    throw new InvalidArgumentError(
      'It must be https://NAME or https://NAME:PORT, without user and password.',
    );
  }
  return url;
}
