import type { ExecutionContext } from 'ava';
import type { HostError } from '../../src/core/failure.ts';
import type { FaultGroup } from './fault-case.ts';
import { LINK_FAULTS, SHELL_FAULTS } from './fault-cases-shell.ts';
import { SCRIPT_FAULTS, SUDO_FAULTS } from './fault-cases-sudo.ts';

export const FAULTS: readonly FaultGroup[] = [LINK_FAULTS, SHELL_FAULTS, SUDO_FAULTS, SCRIPT_FAULTS];

/** What does no harm, and why; each has a test. */
export const HARMLESS: readonly { readonly id: string; readonly what: string; readonly why: string }[] = [
  {
    id: 'chatter',
    what: 'A login shell, a banner or a lecture of sudo that prints text',
    why: 'each script has marks with a random word; what stands before the first is ignored',
  },
  {
    id: 'csh-fish',
    what: '`csh`, `tcsh`, `fish` as login shell',
    why: 'the command is one that they all pass on as it is',
  },
  {
    id: 'stderr-flood',
    what: 'A script that floods stderr',
    why: 'it is read to the end, and 16 MiB of it are kept',
  },
  {
    id: 'use-pty',
    what: '`Defaults use_pty` in sudoers',
    why: 'there is no terminal to take',
  },
  {
    id: 'password-not-needed',
    what: 'A password where sudo needs none (`NOPASSWD`, a valid ticket)',
    why: 'root’s shell passes over all that stands before a random word, so no shell ever reads it',
  },
  {
    id: 'left-behind',
    what: 'A process that a script leaves running, with its output still open',
    why: 'the reply is complete with its last mark and the exit code',
  },
  {
    id: 'full-disk',
    what: 'A full `/tmp`, or a full `/run` at a check',
    why: 'a script is not stored on the host on its way; a change that needs the space says so',
  },
];

/** Asserts that an error is exactly this case of the table. */
export function isFault(t: ExecutionContext, id: string, error: HostError, user = 'ops'): void {
  const found = FAULTS.flatMap(({ cases }) => cases).find(one => one.id === id);
  const { outcome, failure } = error;
  t.deepEqual([outcome, failure.kind], [found?.outcome, found?.kind], `${id}: ${failure.message}`);
  t.regex(failure.message, pattern(found?.message ?? '', user), id);
  t.regex(failure.hint ?? '', pattern(found?.hint ?? '', user), id);
}

function pattern(text: string, user: string): RegExp {
  const source = text
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('USER', user)
    .replaceAll('RULE', `${user} ALL=\\(root\\) NOPASSWD: /usr/bin/timeout .+`)
    .replaceAll(/(?<!-)\b[NM]\b/g, '[\\d.]+')
    .replaceAll('…', '.*');
  return new RegExp(`^${source}$`);
}

/** The tables as they stand in the documentation. */
export function faultTables(): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const groups = FAULTS.map(({ title, cases }) =>
    [
      `### ${title}\n`,
      row(['what happens', 'outcome, kind', 'what hookfleet says', 'what to do']),
      row(['---', '---', '---', '---']),
      ...cases.map(({ fault, outcome, kind, message, hint }) =>
        row([fault, `\`${outcome}\`, \`${kind}\``, message, hint]),
      ),
    ].join('\n'),
  );
  const harmless = [
    '### What does no harm\n',
    row(['what', 'why']),
    row(['---', '---']),
    ...HARMLESS.map(({ what, why }) => row([what, why])),
  ].join('\n');
  return [...groups, harmless].join('\n\n');
}
