import { factText } from '../facts.ts';
import type { Since } from '../fleet-data.ts';
import type { HostDiff, RunsDiff } from '../runs/runs-diff.ts';
import { type Html, html, NOTHING } from './html.ts';
import { timeOf } from './page-overview.ts';
import { badge, namesList, section, wide } from './page-parts.ts';

/** What is otherwise than in the run before: each difference once, with the hosts that have it. */
export function sinceSection({ startedAt, diff }: Since): Html {
  const rows = differencesOf(diff).map(
    ({ what, hosts }) => html`<tr><th scope="row">${what}</th><td>${namesList(hosts)}</td></tr>\n`,
  );
  const table = html`<table class="since" aria-labelledby="since-title"><thead><tr><th scope="col">what is otherwise</th><th scope="col">hosts</th></tr></thead>
<tbody>
${rows}</tbody></table>`;
  return section(
    'since',
    'Since the run before',
    html`<p>Compared with the run of ${timeOf(startedAt)}${rows.length === 0 ? ': nothing is otherwise' : ''}.</p>
${rows.length === 0 ? NOTHING : wide(table)}`,
  );
}

interface Difference {
  readonly what: Html;
  readonly hosts: string[];
}

/** Outcomes first, then versions, new drift, drift that is gone, and hosts of one run alone. */
function differencesOf({ hosts, appeared, vanished }: RunsDiff): Difference[] {
  const found = new Map<string, Difference>();
  for (const pick of PARTS) {
    for (const [name, host] of hosts) {
      for (const what of pick(host)) {
        const difference = found.get(what.text) ?? { what, hosts: [] };
        difference.hosts.push(name);
        found.set(what.text, difference);
      }
    }
  }
  const alone = [
    { what: html`not in that run`, hosts: [...appeared] },
    { what: html`not in this run any more`, hosts: [...vanished] },
  ];
  return [...found.values(), ...alone.filter(one => one.hosts.length > 0)];
}

const PARTS: readonly ((host: HostDiff) => readonly Html[])[] = [
  ({ outcome }) => (outcome === null ? [] : [html`${badge(outcome.before)} → ${badge(outcome.after)}`]),
  ({ facts }) => facts.map(change => html`${factText(change)}`),
  ({ newDrift }) =>
    newDrift.map(
      ({ resource, id, action }) => html`${badge('drifted', 'new drift')} ${resource} ${id}: ${action}`,
    ),
  ({ goneDrift }) =>
    goneDrift.map(
      ({ resource, id, action }) => html`${badge('ok', 'drift is gone')} ${resource} ${id}: ${action}`,
    ),
];
