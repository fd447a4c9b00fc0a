import type { Problem } from '../../core/input-error.ts';
import type { EngineProperties, Property } from '../../playbook/engine-properties.ts';
import type { Play } from '../../playbook/play.ts';

interface PlayOnHosts {
  readonly play: Play;
  readonly hosts: readonly { readonly name: string }[];
}

/** Two plays that want different things of one property of one engine: each run would set both, and restart it for each. */
export function sameProperties(earlier: PlayOnHosts, later: PlayOnHosts): Problem[] {
  const [a, b] = [earlier.play.engine, later.play.engine];
  const shared = later.hosts.find(({ name }) => earlier.hosts.some(one => one.name === name));
  if (a === undefined || b === undefined || shared === undefined || !shareLevel(a.properties, b.properties)) {
    return [];
  }
  const wished = wishes(a.properties);
  return [...wishes(b.properties)].flatMap(([property, wish]) => {
    const other = wished.get(property);
    return other === undefined || other === wish
      ? []
      : [
          {
            place: b.place,
            message: `the property ${property} is wanted otherwise in line ${a.place.line}, and both plays are for ${shared.name}`,
            hint: 'Every run would set both, one after the other, and restart the engine for each. Leave one out.',
          },
        ];
  });
}

function shareLevel({ levels: a }: EngineProperties, { levels: b }: EngineProperties): boolean {
  return a === 'all' || b === 'all' || a.some(level => b.includes(level));
}

/** By `vm NAME`, `network NAME`, `device TYPE NAME`: the regular expression; null for a property that shall be absent. */
function wishes({ vm, network, device }: EngineProperties): ReadonlyMap<string, string | null> {
  const of = (kind: string, properties: readonly Property[]) =>
    properties.map(
      property => [`${kind} ${property.name}`, 'absent' in property ? null : property.regex] as const,
    );
  return new Map([
    ...of('vm', vm),
    ...of('network', network),
    ...device.flatMap(({ type, properties }) => of(`device ${type}`, properties)),
  ]);
}
