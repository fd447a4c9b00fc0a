import { type Command, InvalidArgumentError, type Option } from 'commander';
import { InputError, type Problem } from '../../core/input-error.ts';
import { Secret } from '../../core/secret.ts';
import type { Config } from './config-file.ts';
import type { Given } from './config-text.ts';
import { attributeOf, environmentVariable, SETTINGS, type SettingKey } from './settings.ts';

/** The option that no command line and no file sets: the password that the environment has. */
const ENGINE_PASSWORD = 'enginePassword';

/**
 * Fills the options that the command line leaves open: from the environment, then from the settings file. A setting
 * that a command has no option for means nothing to it.
 *
 * @throws {InputError} for a value that the option would not take.
 */
export function applyConfig(command: Command, config: Config, env: NodeJS.ProcessEnv): void {
  const problems: Problem[] = [];
  // A flag that the environment sets to false leaves no trace in the options, and is decided all the same.
  const decided = new Set<SettingKey>();
  for (const given of [...fromEnvironment(env), ...config.given]) {
    const option = command.options.find(one => one.attributeName() === attributeOf(given.key));
    const isFree = option !== undefined && !decided.has(given.key) && isOpen(command, option);
    if (isFree && !(given.key === 'engine_password_file' && command.getOptionValue(ENGINE_PASSWORD))) {
      decided.add(given.key);
      problems.push(...setOption(command, option, given));
    }
  }
  if (problems.length > 0) {
    throw new InputError(problems);
  }
}

/**
 * Takes the password for the engine's API out of the environment, so that no program that is started gets it, and gives
 * it to the command.
 *
 * @param env is changed.
 */
export function takeEnginePassword(command: Command, env: NodeJS.ProcessEnv): void {
  const { HOOKFLEET_ENGINE_PASSWORD: password } = env;
  delete env.HOOKFLEET_ENGINE_PASSWORD;
  if (password && command.options.some(option => option.attributeName() === 'enginePasswordFile')) {
    command.setOptionValueWithSource(ENGINE_PASSWORD, new Secret(password), 'env');
  }
}

function fromEnvironment(env: NodeJS.ProcessEnv): Given[] {
  return (Object.keys(SETTINGS) as SettingKey[]).flatMap(key => {
    const name = environmentVariable(key);
    const value = env[name];
    return value === undefined || value === '' ? [] : [{ key, values: [value], place: { file: name } }];
  });
}

/** Not set by anything stronger, nor in conflict with what was. */
function isOpen(command: Command, option: Option): boolean {
  const isSet = (name: string) => command.getOptionValue(name) !== undefined;
  const rivals = command.options.filter(
    one =>
      conflictsOf(one).includes(option.attributeName()) || conflictsOf(option).includes(one.attributeName()),
  );
  return !isSet(option.attributeName()) && !rivals.some(rival => isSet(rival.attributeName()));
}

/** Commander keeps them, but its types do not tell. */
function conflictsOf(option: Option): readonly string[] {
  const { conflictsWith } = option as Option & { readonly conflictsWith?: readonly string[] };
  return conflictsWith ?? [];
}

function setOption(command: Command, option: Option, { key, values, place }: Given): Problem[] {
  try {
    const value =
      SETTINGS[key].kind === 'flag'
        ? readFlag(values[0] ?? '')
        : values.reduce<unknown>((before, text) => read(option, text, before), undefined);
    if (value !== false) {
      command.setOptionValueWithSource(option.attributeName(), value, 'config');
    }
    return [];
  } catch (error) {
    if (error instanceof InvalidArgumentError) {
      return [{ place, message: `${key} = ${values.join(', ')}: ${error.message}` }];
    }
    throw error;
  }
}

function read(option: Option, text: string, before: unknown): unknown {
  return option.parseArg === undefined ? text : option.parseArg(text, before as string);
}

function readFlag(text: string): boolean {
  const word = text.toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) {
    return true;
  }
  if (['false', 'no', 'off', '0', ''].includes(word)) {
    return false;
  }
  throw new InvalidArgumentError('It must be true or false.');
}
