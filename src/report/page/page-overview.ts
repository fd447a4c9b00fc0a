import { OUTCOMES, type Outcome } from '../../core/outcome.ts';
import { duration } from '../duration.ts';
import type { FleetData, FleetHost } from '../fleet-data.ts';
import { count } from '../words.ts';
import { type Html, html, NOTHING } from './html.ts';
import { wide } from './page-parts.ts';

/** What can be seen from across the room: which run it is, how old, how many hosts are how, and where. */
export function overview(fleet: FleetData): Html {
  const { about, hosts, stopped, interrupted } = fleet;
  const words = about.words.map(word => html` ${word}`);
  return html`<header>
<a class="skip" href="#hosts">To the hosts</a>
<h1>${about.command}${words}</h1>
<p>${timeOf(about.endedAt)} <span id="age"></span> · by ${about.by} · took ${duration(about.endedAt - about.startedAt)} · exit code ${about.exitCode}</p>
${stopped === null ? NOTHING : html`<p class="alert">Stopped: ${stopped}.</p>`}
${interrupted ? html`<p class="alert">Interrupted: hosts that were not started yet are cancelled.</p>` : NOTHING}
<ul class="totals" aria-label="Totals">
<li class="all"><b>${hosts.length}</b> ${hosts.length === 1 ? 'host' : 'hosts'}</li>
${worstFirst(hosts).map(({ outcome, number }) => html`<li class="badge ${outcome}"><b>${number}</b> ${outcome}</li>\n`)}</ul>
${hosts.length < FEW ? NOTHING : tiles(hosts)}
</header>`;
}

/** So many hosts are seen at a glance without a map of them. */
const FEW = 20;

/** The table below says the same to those who do not see this. */
function tiles(hosts: readonly FleetHost[]): Html {
  return html`<div class="tiles" aria-hidden="true">${hosts.map(
    ({ name, result }) => html`<span class="${result.outcome}" title="${name}"></span>`,
  )}</div>`;
}

function worstFirst(hosts: readonly FleetHost[]): { readonly outcome: Outcome; readonly number: number }[] {
  return OUTCOMES.map(outcome => ({
    outcome,
    number: hosts.filter(({ result }) => result.outcome === outcome).length,
  })).filter(({ number }) => number > 0);
}

/** A moment in UTC; the script of the page says how long ago it was. */
export function timeOf(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** Groups of the inventory and how their hosts are. */
export function groupsTable({ groups, hosts }: FleetData): Html {
  if (groups.length === 0) {
    return NOTHING;
  }
  const present = worstFirst(hosts).map(({ outcome }) => outcome);
  const rows = groups.map(group => {
    const members = hosts.filter(host => host.groups.includes(group));
    const numbers = present.map(
      outcome => [outcome, members.filter(({ result }) => result.outcome === outcome).length] as const,
    );
    return html`<tr><th scope="row">${group}</th><td>${count(members.length, 'host')}</td>${numbers.map(
      ([outcome, number]) =>
        number === 0
          ? html`<td class="zero">0</td>`
          : html`<td><span class="badge ${outcome}">${number}</span></td>`,
    )}</tr>\n`;
  });
  return wide(html`<table class="groups"><caption>Groups of the inventory</caption>
<thead><tr><th scope="col">group</th><th scope="col">hosts</th>${present.map(outcome => html`<th scope="col">${outcome}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table>`);
}
