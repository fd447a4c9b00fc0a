import type { HookPoint } from '../../catalog/events.ts';
import { headings, type Look, table } from './catalog-layout.ts';

/** Hook points as a table for people, a line each; it fits 80 columns. */
export function eventList(points: readonly HookPoint[], { paint }: Look): string {
  const yes = (fact: boolean) => ({ text: fact ? 'yes' : '-' });
  return table([
    headings(['EVENT', 'INPUT', 'OUTPUT', 'ABORTS', 'USER', 'VDSM', 'OVIRT'], paint),
    ...points.map(({ name, input, output, aborts, user, since }) => [
      { text: name, paint: paint.bold },
      { text: input },
      yes(output),
      yes(aborts),
      user === 'root' ? { text: user, paint: paint.warning } : { text: user },
      { text: since.vdsm },
      { text: since.ovirt },
    ]),
  ]).join('\n');
}
