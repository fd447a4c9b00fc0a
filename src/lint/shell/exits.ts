import { findOperation } from '../../catalog/libvirt-drivers.ts';
import type { HookContext } from '../context.ts';
import { canAbort } from '../context.ts';
import { type Finding, finding } from '../finding.ts';
import type { Command } from './commands.ts';
import { askedIn, isTest, operationVariables } from './reach.ts';
import type { Item } from './syntax.ts';

/** With `set -e` a missing logger or a full disk has the same status as a veto. */
export function setE(context: HookContext, commands: readonly Command[], options: string): Finding[] {
  if (!canAbort(context) || commands.some(isExitTrap)) {
    return [];
  }
  const found = commands.find(
    ({ words }) => words[0]?.text === 'set' && stopsAtError(words.map(w => w.text)),
  );
  const line = /(?:^|\s)-[a-zA-Z]*e/.test(options) ? 1 : found?.line;
  return line === undefined
    ? []
    : [
        finding(
          'set-e',
          line,
          'with set -e whatever fails first, a missing logger or a full disk, makes the operation fail, and its message is not yours',
          'Decide the exit status yourself: leave set -e out, or set a trap on EXIT that turns what was not meant into exit 0.',
        ),
      ];
}

function stopsAtError(words: readonly string[]): boolean {
  return words.some((word, i) => /^-[a-zA-Z]*e/.test(word) || (word === 'errexit' && words[i - 1] === '-o'));
}

function isExitTrap({ words }: Command): boolean {
  return words[0]?.text === 'trap' && words.some(({ text }) => /^(?:EXIT|ERR|0)$/i.test(text));
}

/** The status of the last command is that of the script: a test that does not hold makes it fail. */
export function lastStatus(context: HookContext, items: readonly Item[]): Finding[] {
  let from = items.length - 1;
  while (from > 0 && items[from - 1]?.after === '&&') {
    from--;
  }
  const [node] = items[from]?.nodes ?? [];
  const chained = from < items.length - 1 && items[from - 1]?.after !== '||';
  return chained && node?.type === 'simple' && isTest(node.words[0]) && canAbort(context)
    ? [
        finding(
          'last-status',
          node.line,
          'the script ends with this test, so it ends with status 1, a failure, wherever the test does not hold',
          'Write it as `if … then … fi`, or end the script with `exit 0`.',
        ),
      ]
    : [];
}

/** Exit statuses that whoever runs the hook does not take as they may be meant. */
export function exitStatuses(context: HookContext, commands: readonly Command[]): Finding[] {
  const variables = operationVariables(commands);
  return commands.flatMap(({ words, line, branches }) => {
    const status = words[0]?.text === 'exit' ? Number(words[1]?.text) : 0;
    if (!Number.isInteger(status) || status === 0) {
      return [];
    }
    if (context.kind === 'vdsm') {
      return unknownStatus(line, status);
    }
    const asked = branches.flatMap(branch =>
      branch.kind === 'case' || branch.holds ? (askedIn(branch, variables) ?? []) : [],
    );
    const vain = (name: string) =>
      context.kind === 'libvirt' && findOperation(context.driver, name)?.aborts === false;
    return asked.length > 0 && asked.every(({ name }) => vain(name))
      ? [
          finding(
            'ignored-exit',
            line,
            `libvirt ignores the exit status at ${asked.map(one => one.name).join(' and ')}: it has happened already, and this keeps nothing from it`,
            'Log what went wrong; what has to be kept from happening belongs to prepare or start.',
          ),
        ]
      : [];
  });
}

/** VDSM knows 0, 1 and 2 (vdsm: lib/vdsm/common/hooks.py). */
export function unknownStatus(line: number, status: number): Finding[] {
  return status > 2
    ? [
        finding(
          'exit-status',
          line,
          `VDSM logs the exit status ${status} as unexpected: it knows 1, failed, and 2, failed and no further script`,
          'Use 1, or 2 where no later hook of the event shall run.',
        ),
      ]
    : [];
}
