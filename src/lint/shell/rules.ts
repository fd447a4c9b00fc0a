import type { HookContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { judgeOperation } from '../operations.ts';
import { undeclaredProperties, wrongInput } from '../properties.ts';
import { libvirtCalls } from './calls.ts';
import { commandsOf } from './commands.ts';
import { exitStatuses, lastStatus, setE } from './exits.ts';
import { commentCuts, nameOnly, processSubstitutions } from './lists.ts';
import { namesDiffer, pathTypos } from './naming.ts';
import { backgroundChildren, stdoutChatter } from './output.ts';
import { parseShell } from './parse.ts';
import { tmpPaths } from './paths.ts';
import { askedAnywhere } from './reach.ts';
import { environmentReads } from './variables.ts';

/**
 * Looks a shell script through for what goes wrong in a hook.
 *
 * @param options what its `#!` line gives the shell, such as `-e`.
 * @param name of its file, where it lies as it shall on a host.
 * @returns nothing for a script that nests too deep to be read.
 */
export function lintShell(text: string, context: HookContext, options: string, name?: string): Finding[] {
  const script = parseShell(text);
  if (script === undefined) {
    return [];
  }
  const { items, uses } = script;
  const commands = commandsOf(items);
  const reads = context.kind === 'vdsm' ? environmentReads(items, commands, uses) : [];
  return [
    ...setE(context, commands, options),
    ...lastStatus(context, items),
    ...exitStatuses(context, commands),
    ...tmpPaths(commands),
    ...processSubstitutions(commands),
    ...commentCuts(context, text, commands, uses),
    ...nameOnly(context, text, commands),
    ...backgroundChildren(commands),
    ...pathTypos(context, text),
    ...namesDiffer(context, text, commands, name),
    ...undeclaredProperties(context, reads),
    ...wrongInput(context, reads),
    ...(context.kind === 'libvirt'
      ? [
          ...libvirtCalls(commands),
          ...stdoutChatter(context.driver, items, commands),
          ...askedAnywhere(items, commands).flatMap(
            asked => judgeOperation(context.driver, asked.name, asked.line) ?? [],
          ),
        ]
      : []),
  ];
}
