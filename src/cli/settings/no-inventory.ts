import type { Problem } from '../../core/input-error.ts';

/** Of a command that works with an inventory, where neither the command line nor the settings name one. */
export const NO_INVENTORY: Problem = {
  message: 'no inventory is named',
  hint: 'Give -i FILE, or write `inventory = FILE` below [defaults] in hookfleet.cfg',
};
