import { printable } from '../../core/printable.ts';

/**
 * HTML that is safe to show. Only the {@link html} template and {@link trusted} make it, so text from a host, an
 * inventory or a playbook can never become markup.
 */
export type Html = HtmlText;

/** What may stand in a `${}` of the {@link html} template; a list is put in piece by piece. */
export type HtmlValue = string | number | Html | readonly (string | number | Html)[];

class HtmlText {
  // A private member makes the type nominal: no object literal with a `text` passes for it.
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }
}

/** Writes HTML. Values are escaped for text and for attributes in double quotes; put them nowhere else. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = '';
  for (const [i, part] of strings.entries()) {
    text += part;
    const value = values[i];
    if (value !== undefined) {
      text += rendered(value);
    }
  }
  return new HtmlText(text);
}

/** Takes text that the program itself has written as markup, a script or a style. */
export function trusted(text: string): Html {
  return new HtmlText(text);
}

export const NOTHING: Html = trusted('');

function rendered(value: HtmlValue): string {
  if (value instanceof HtmlText) {
    return value.text;
  }
  return typeof value === 'object' ? value.map(rendered).join('') : escaped(String(value));
}

/** Control characters and direction overrides become visible; half a pair of surrogates could not be written as UTF-8. */
function escaped(text: string): string {
  return printable(text)
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll(/[&<>"']/g, character => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
