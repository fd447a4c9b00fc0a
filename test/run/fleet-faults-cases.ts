import { AWAY } from './fleet-faults-away.ts';
import type { FleetFaultGroup } from './fleet-faults-case.ts';
import { CONTROL, OTHERS } from './fleet-faults-control.ts';
import { HOSTS } from './fleet-faults-hosts.ts';

export const FLEET_FAULTS: readonly FleetFaultGroup[] = [AWAY, HOSTS, CONTROL, OTHERS];

/** The tables as they stand in the documentation. */
export function fleetFaultTables(): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return FLEET_FAULTS.map(({ title, cases }) =>
    [
      `### ${title}\n`,
      row(['what happens', 'exit code, hosts', 'what hookfleet says', 'what then']),
      row(['---', '---', '---', '---']),
      ...cases.map(({ fault, exitCodes, hosts, says, after, next }) =>
        row([
          fault,
          `${exitCodes.map(code => `\`${code}\``).join(' or ')}, ${hosts}`,
          says ?? '',
          next === undefined ? after : `${after} Next: \`${next}\``,
        ]),
      ),
    ].join('\n'),
  ).join('\n\n');
}
