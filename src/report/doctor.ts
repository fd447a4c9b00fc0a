import { printable } from '../core/printable.ts';
import { type Cell, type Look, table } from './catalog/catalog-layout.ts';
import { foldHosts } from './host-ranges.ts';

/** One line of the doctor's findings: of this machine where it names no hosts. */
export interface DoctorLine {
  readonly hosts?: readonly string[];
  readonly level: 'ok' | 'warning' | 'problem';
  readonly message: string;
  readonly hint?: string;
}

/** What the doctor has found, this machine first; a remedy stands below what it is for. */
export function doctorPage(lines: readonly DoctorLine[], { paint }: Look): string {
  const paints = {
    ok: (text: string) => paint.outcome('ok', text),
    warning: paint.warning,
    problem: paint.error,
  };
  const page = (some: readonly DoctorLine[]) =>
    some.flatMap(({ hosts, level, message, hint }) => {
      const cells: Cell[] = [
        { text: level.padEnd('warning'.length), paint: paints[level] },
        { text: hosts === undefined ? message : `${foldHosts(hosts).join(', ')}: ${message}` },
      ];
      return [
        ...table([cells], '  '),
        ...(hint === undefined ? [] : [`           ${paint.bold(printable(hint))}`]),
      ];
    });
  const here = lines.filter(({ hosts }) => hosts === undefined);
  const there = lines.filter(({ hosts }) => hosts !== undefined);
  return ['This machine', ...page(here), ...(there.length > 0 ? ['', 'The hosts', ...page(there)] : [])].join(
    '\n',
  );
}
