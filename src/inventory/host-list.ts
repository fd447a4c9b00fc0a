import type { Problem } from '../core/input-error.ts';
import { readHostNames } from './host-name.ts';
import type { Statement, Statements } from './statement.ts';

const PLACE = { file: '--inventory' };

/** Reads `host1,host2:2222,`: hosts without groups and variables (lib/ansible/plugins/inventory/host_list.py). Pure. */
export function readHostList(text: string): Statements {
  const statements: Statement[] = [];
  const problems: Problem[] = [];
  for (const word of text.split(',').map(part => part.trim())) {
    if (word === '') {
      continue;
    }
    const names = readHostNames(word);
    if ('message' in names) {
      problems.push({ place: PLACE, ...names });
    } else if (names.names.length > 1 || /\[[^\]]*\w:\w/.test(word.replace(/^\[[^\]]*\](?=:|$)/, ''))) {
      problems.push({
        place: PLACE,
        message: `"${word}" is a range, and a list of hosts on the command line has none, as in Ansible`,
        hint: 'Write each name, or put the range into an inventory file',
      });
    } else {
      statements.push({ kind: 'hosts', group: 'ungrouped', ...names, variables: [], place: PLACE });
    }
  }
  return { statements, problems, warnings: [] };
}
