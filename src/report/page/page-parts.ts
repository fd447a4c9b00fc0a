import { foldHosts } from '../host-ranges.ts';
import { count } from '../words.ts';
import { type Html, html } from './html.ts';

/** A heading, and what stands below it. */
export function section(id: string, title: string, inside: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${inside}
</section>`;
}

/** A table that scrolls by itself where it is too wide or too long, also by keyboard. */
export function scrolling(labelledBy: string, table: Html): Html {
  return html`<div class="scroll" role="region" aria-labelledby="${labelledBy}" tabindex="0">${table}</div>`;
}

/** A table that scrolls sideways where it is too wide. */
export function wide(table: Html): Html {
  return html`<div class="wide">${table}</div>`;
}

/** A state as colour and sign, which the style gives it, and as a word. */
export function badge(state: string, text: string = state): Html {
  return html`<span class="badge ${state}">${text}</span>`;
}

/** More names are shown when they are asked for. */
const MOST_NAMES = 12;

/** Ranges of them are no summary any more when they are longer; in characters. */
const LONGEST_RANGES = 120;

/** Names of hosts, each by itself; of many their number and ranges first. */
export function namesList(names: readonly string[]): Html {
  const list = html`<ul class="names">${names.map(name => html`<li>${name}</li>`)}</ul>`;
  if (names.length <= MOST_NAMES) {
    return list;
  }
  const ranges = foldHosts(names).join(', ');
  const number = count(names.length, 'host');
  const summary = ranges.length > LONGEST_RANGES ? number : `${number}: ${ranges}`;
  return html`<details><summary>${summary}</summary>${list}</details>`;
}

/** A text, or that there is none. */
export function orNone(text: string | null): Html {
  return text === null
    ? html`<i class="none">none</i>`
    : text === ''
      ? html`<i class="none">empty</i>`
      : html`${text}`;
}
