import type { Command } from 'commander';
import { printable } from '../../core/printable.ts';
import { applyConfig, takeEnginePassword } from './apply-config.ts';
import { readConfig } from './config-file.ts';

/**
 * Gives a command what the settings file and the environment say, before it begins.
 *
 * @throws {InputError} for a settings file that cannot be used.
 */
export async function settle(command: Command): Promise<void> {
  takeEnginePassword(command, process.env);
  const heeds = command.options.some(option =>
    ['inventory', 'record', 'engineUrl', 'catalog'].includes(option.attributeName()),
  );
  if (!heeds) {
    return;
  }
  const config = await readConfig(command.optsWithGlobals<{ config?: string }>().config, process.env);
  for (const warning of config.warnings) {
    process.stderr.write(`warning: ${printable(warning)}\n`);
  }
  applyConfig(command, config, process.env);
  if (config.file !== undefined) {
    command.setOptionValueWithSource('configFile', config.file, 'config');
  }
}
