import type { FleetData } from '../fleet-data.ts';
import { type Html, html, NOTHING, trusted } from './html.ts';
import { namesList, section, wide } from './page-parts.ts';

/** A fact, such as the version of `vdsm`, and which hosts have which. */
export interface FactVersions {
  readonly fact: string;
  /** The most common first. */
  readonly versions: readonly { readonly version: string; readonly hosts: readonly string[] }[];
}

/** In this order; other facts follow. */
const FIRST = ['vdsm', 'libvirt-daemon', 'qemu-kvm', 'ovirt-engine', 'os', 'image'];

/** Which versions the hosts have, fact by fact. */
export function versionsOf({ hosts }: FleetData): FactVersions[] {
  const facts = new Map<string, Map<string, string[]>>(FIRST.map(fact => [fact, new Map()]));
  for (const { name, result } of hosts) {
    for (const [fact, version] of Object.entries(result.facts ?? {})) {
      const versions = facts.get(fact) ?? new Map<string, string[]>();
      facts.set(fact, versions);
      const names = versions.get(version) ?? [];
      versions.set(version, names);
      names.push(name);
    }
  }
  return [...facts].flatMap(([fact, versions]) =>
    versions.size === 0
      ? []
      : [
          {
            fact,
            versions: [...versions]
              .map(([version, names]) => ({ version, hosts: names }))
              .toSorted((a, b) => b.hosts.length - a.hosts.length),
          },
        ],
  );
}

/** The versions over the fleet: how many hosts have each, and which. */
export function versionsSection(facts: readonly FactVersions[], hosts: number): Html {
  return facts.length === 0
    ? NOTHING
    : section('versions', 'Versions', html`${facts.map(fact => factTable(fact, hosts))}`);
}

function factTable({ fact, versions }: FactVersions, hosts: number): Html {
  const rows = versions.map(
    ({ version, hosts: names }) =>
      html`<tr><th scope="row">${version}</th><td>${names.length} ${bar(names.length / hosts)}</td><td>${namesList(names)}</td></tr>\n`,
  );
  return wide(html`<table class="versions"><caption>${fact}${versions.length > 1 ? html` <b>${versions.length} versions</b>` : NOTHING}</caption>
<thead><tr><th scope="col">version</th><th scope="col">hosts</th><th scope="col">which</th></tr></thead>
<tbody>
${rows}</tbody></table>`);
}

/** A style in an attribute is not allowed by the page's policy; the attributes of SVG are. */
function bar(share: number): Html {
  const width = trusted(Math.max(1, Math.round(100 * share)).toFixed(0));
  return html`<svg class="bar" aria-hidden="true" width="100" height="10" viewBox="0 0 100 10"><rect class="whole" width="100" height="10"></rect><rect width="${width}" height="10"></rect></svg>`;
}
