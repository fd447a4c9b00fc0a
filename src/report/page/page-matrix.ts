import { OUTCOMES } from '../../core/outcome.ts';
import type { FleetColumn, FleetData, FleetHost } from '../fleet-data.ts';
import { type Html, html, NOTHING } from './html.ts';
import type { Block } from './page-differences.ts';
import { groupsTable } from './page-overview.ts';
import { badge, scrolling, section } from './page-parts.ts';
import type { FactVersions } from './page-versions.ts';

/** Every host by its name, the worst first, and how it has each thing that was looked at. */
export function matrixSection(
  fleet: FleetData,
  blocks: readonly Block[],
  versions: readonly FactVersions[],
): Html {
  const { hosts, columns, groups } = fleet;
  const blockOf = new Map(blocks.flatMap(({ id, hosts: names }) => names.map(name => [name, id] as const)));
  const marks = marksOf(versions);
  const ordered = [...hosts.entries()].toSorted(
    ([, a], [, b]) => OUTCOMES.indexOf(a.result.outcome) - OUTCOMES.indexOf(b.result.outcome),
  );
  const rows = ordered.map(([index, host]) => {
    const block = blockOf.get(host.name);
    const name = block === undefined ? html`${host.name}` : html`<a href="#${block}">${host.name}</a>`;
    const inGroups = host.groups.map(group => groups.indexOf(group)).join(' ');
    const has = (marks.get(host.name) ?? []).join(' ');
    return html`<tr data-i="${index}" data-o="${host.result.outcome}" data-g="${inGroups}" data-v="${has}"><th scope="row">${name}</th><td>${badge(host.result.outcome)}</td>${host.cells.map(
      ({ state }) => html`<td class="${state}"><i>${WORDS[state]}</i></td>`,
    )}</tr>\n`;
  });
  const table = html`<table class="matrix">
<thead><tr><th scope="col">host</th><th scope="col">outcome</th>${columns.map(columnHead)}</tr>
${columns.length === 0 ? NOTHING : countsRow(hosts, columns)}</thead>
<tbody>
${rows}</tbody></table>`;
  return section(
    'hosts',
    'Hosts',
    html`${filterForm(fleet, versions)}
${scrolling('hosts-title', table)}
${legend()}
${groupsTable(fleet)}`,
  );
}

const WORDS = {
  ok: 'ok',
  changed: 'changed',
  drifted: 'differs',
  unknown: 'not known',
  none: 'not wanted here',
};

function columnHead({ resource, label }: FleetColumn): Html {
  return html`<th scope="col"><span title="${resource} ${label}"><i>${resource} </i>${label}</span></th>`;
}

/** On how many hosts each column differs, or was changed. */
function countsRow(hosts: readonly FleetHost[], columns: readonly FleetColumn[]): Html {
  const counts = columns.map(
    (_, i) => hosts.filter(({ cells }) => ['drifted', 'changed'].includes(cells[i]?.state ?? '')).length,
  );
  return html`<tr class="counts"><th scope="row" colspan="2">differs or was changed</th>${counts.map(
    number => html`<td${number === 0 ? html` class="zero"` : NOTHING}>${number}</td>`,
  )}</tr>`;
}

function legend(): Html {
  const states = Object.entries(WORDS).map(
    ([state, word]) => html`<li><span class="cell ${state}"></span> ${word}</li>`,
  );
  return html`<ul class="legend" aria-hidden="true">${states}</ul>`;
}

/** The numbers of the versions that a host has, by its name. */
function marksOf(versions: readonly FactVersions[]): Map<string, number[]> {
  const marks = new Map<string, number[]>();
  let number = 0;
  for (const { versions: each } of versions) {
    for (const { hosts } of each) {
      for (const host of hosts) {
        const known = marks.get(host) ?? [];
        known.push(number);
        marks.set(host, known);
      }
      number += 1;
    }
  }
  return marks;
}

/** Without the script there is nothing that it could do, so the script shows it. */
function filterForm({ hosts, columns, groups }: FleetData, versions: readonly FactVersions[]): Html {
  const present = OUTCOMES.filter(outcome => hosts.some(({ result }) => result.outcome === outcome));
  const all = versions.flatMap(({ fact, versions: each }) => each.map(({ version }) => `${fact} ${version}`));
  const differing = columns.flatMap((column, i) =>
    hosts.some(({ cells }) => ['drifted', 'changed'].includes(cells[i]?.state ?? ''))
      ? [{ ...column, i }]
      : [],
  );
  return html`<form id="filter" hidden>
<label>host <input type="search" name="text" autocomplete="off" spellcheck="false" placeholder="part of its name"></label>
<fieldset><legend>outcome</legend>${present.map(
    outcome =>
      html`<label><input type="checkbox" name="outcome" value="${outcome}"> ${badge(outcome)}</label>`,
  )}</fieldset>
${choice(
  'group',
  'group',
  groups.map((group, i) => [i, group]),
)}
${choice(
  'column',
  'differs in',
  differing.map(({ i, resource, label }) => [i, `${resource} ${label}`]),
)}
${choice(
  'version',
  'version',
  all.map((text, i) => [i, text]),
)}
<label>order <select name="order"><option value="worst">worst first</option><option value="run">as in the inventory</option><option value="name">by name</option></select></label>
<button type="button">Show all</button>
<output aria-live="polite"></output>
</form>`;
}

function choice(name: string, label: string, options: readonly (readonly [number, string])[]): Html {
  return options.length === 0
    ? NOTHING
    : html`<label>${label} <select name="${name}"><option value="">any</option>${options.map(
        ([value, text]) => html`<option value="${value}">${text}</option>`,
      )}</select></label>`;
}
