import type { Command } from 'commander';

export interface CatalogOptions {
  /** The folder of the site's own catalogue; `none` for none. */
  readonly catalog?: string;
}

/** Which hooks are known besides hookfleet's own. @param where the folder that is read where nobody names one. */
export function catalogOption(command: Command, where: string): Command {
  return command.option(
    '--catalog <dir>',
    `the folder of your own catalogue of hooks (default: ${where}); none for none`,
  );
}
