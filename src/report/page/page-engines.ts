import type { FleetEngine, FleetProperty, PropertyCell } from '../fleet-engines.ts';
import { type Html, html, NOTHING } from './html.ts';
import { badge, orNone, scrolling, section } from './page-parts.ts';

/** The custom properties of every engine, by cluster level. */
export function enginesSection(engines: readonly FleetEngine[]): Html {
  return engines.length === 0
    ? NOTHING
    : section('engines', 'Engines: custom properties by cluster level', html`${engines.map(engineTable)}`);
}

function engineTable({ host, levels, properties, unreadable }: FleetEngine, index: number): Html {
  const id = `engine-${index + 1}`;
  const table = html`<table class="engine" aria-labelledby="${id}">
<thead><tr><th scope="col">property</th><th scope="col">of</th><th scope="col">hooks</th>${levels.map(level => html`<th scope="col">${level}</th>`)}</tr></thead>
<tbody>
${properties.map(propertyRow)}</tbody></table>`;
  return html`<h3 id="${id}">${host}</h3>
${properties.length === 0 ? html`<p>It has no custom properties.</p>` : scrolling(id, table)}
${unreadable.map(value => html`<p class="alert">${value} cannot be read as the engine reads it.</p>`)}
`;
}

function propertyRow({ name, where, hooks, cells }: FleetProperty): Html {
  return html`<tr><th scope="row">${name}</th><td>${where}</td><td>${hooks.join(', ')}</td>${cells.map(
    cell => html`<td>${propertyCell(cell)}</td>`,
  )}</tr>\n`;
}

function propertyCell({ state, found, other }: PropertyCell): Html {
  switch (state) {
    case 'none':
      return badge('none', 'not there');
    case 'ok':
      return html`${badge('ok')} <code>${found ?? ''}</code>`;
    case 'changed':
      return html`${badge('changed')} <del>${orNone(other)}</del> <ins>${orNone(found)}</ins>`;
    default:
      return html`${badge('drifted', state)} <del>${orNone(found)}</del> <ins>${orNone(other)}</ins>`;
  }
}
