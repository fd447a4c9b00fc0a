import { formatProblem } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { sh } from '../../core/sh.ts';
import { readLimit } from '../../inventory/limit.ts';
import { localDefaults } from '../../inventory/local-defaults.ts';
import { openHosts } from '../../inventory/open-vaulted.ts';
import { matchHosts } from '../../inventory/patterns.ts';
import { type DoctorLine, doctorPage } from '../../report/doctor.ts';
import { HOST_KEY_UNKNOWN } from '../../report/unknown-hosts.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { askHosts, exitCodeOf, type HostAnswer } from '../login/ask-hosts.ts';
import type { FleetOptions } from '../options/options.ts';
import { pageLook, printDocument } from '../terminal/page.ts';
import { trustLine } from '../trust/trust-line.ts';
import { type Finding, problem } from './finding.ts';
import { HOST_LOOK, readHost } from './look-at-host.ts';
import { lookHere } from './look-here.ts';

export interface DoctorOptions extends Omit<FleetOptions, 'inventory'> {
  readonly inventory?: readonly string[];
  readonly configFile?: string;
}

/**
 * The command `doctor`: looks at this machine and, where there is an inventory, at each of its hosts: what is missing,
 * and what to type. Changes nothing anywhere.
 *
 * @returns 0, with warnings too; 1 where something does not work, 4 where only hosts could not be reached.
 * @throws {InputError} for anything wrong with the inventory.
 */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { inventory = [] } = options;
  const inventoryWords = inventory.length === 0 ? '' : sh`${inventory.flatMap(path => ['-i', path])}`.text;
  const here = await lookHere(
    { ...options, trust: `hookfleet trust ${inventoryWords || '-i INVENTORY'}` },
    process.env,
  );
  const { answers, trust } = inventory.length === 0 ? NOBODY : await lookAtHosts({ ...options, inventory });
  const lines: readonly DoctorLine[] = [...here, ...fold(answers, trust)];
  if (options.json) {
    printDocument('doctor', {
      findings: lines.map(({ hosts = null, hint = null, ...rest }) => ({ hosts, ...rest, hint })),
    });
  } else {
    process.stdout.write(`${doctorPage(lines, pageLook())}\n`);
    if (inventory.length === 0) {
      process.stderr.write('\nWith -i INVENTORY it looks at each host as well.\n');
    }
  }
  return here.some(({ level }) => level === 'problem') || answers.some(isBroken) ? 1 : exitCodeOf(answers);
}

type Looked = HostAnswer<readonly Finding[]>;

interface Round {
  readonly answers: readonly Looked[];
  /** What to type to put the keys of these hosts on record. */
  readonly trust: string;
}

const NOBODY: Round = { answers: [], trust: '' };

async function lookAtHosts(options: FleetOptions): Promise<Round> {
  const inventory = await readInventory(options);
  for (const warning of inventory.warnings) {
    process.stderr.write(`warning: ${printable(formatProblem(warning))}\n`);
  }
  const names = matchHosts(inventory, await readLimit(options.limit ?? 'all'));
  const hosts = await openHosts(inventory, names, localDefaults(options));
  const answers = await askHosts({ inventory, hosts }, options, async run => {
    const [look] = await run([HOST_LOOK]);
    return look === undefined ? [] : readHost(look, Date.now() / 1000);
  });
  const unknown = answers.flatMap(({ name, error }) => (error?.kind === HOST_KEY_UNKNOWN ? [name] : []));
  return { answers, trust: trustLine(inventory, unknown, options) };
}

function isBroken(answer: Looked): boolean {
  return answer.error === null && answer.value.some(({ level }) => level === 'problem');
}

/** Equal findings of many hosts become one line, in the order in which they first came; what is well comes first. */
function fold(answers: readonly Looked[], trust: string): readonly DoctorLine[] {
  const lines = new Map<string, { finding: Finding; hosts: string[] }>();
  for (const answer of answers) {
    for (const finding of answer.error === null ? answer.value : [unanswered(answer, trust)]) {
      const key = JSON.stringify(finding);
      const line = lines.get(key) ?? { finding, hosts: [] };
      line.hosts.push(answer.name);
      lines.set(key, line);
    }
  }
  const order = ['ok', 'warning', 'problem'];
  return [...lines.values()]
    .map(({ finding, hosts }) => ({ hosts, ...finding }))
    .toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function unanswered({ outcome, error }: Extract<Looked, { outcome: string }>, trust: string): Finding {
  return error.kind === HOST_KEY_UNKNOWN
    ? problem('the host key is not on record', trust)
    : problem(`${outcome}: ${error.message}`, error.hint ?? 'hookfleet check -v says more');
}
