/** What JSON is, for a program that only hands it on. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** JSON as lines that can be compared, or why it is none. */
export type JsonRead =
  | { readonly value: Json; readonly lines: readonly string[] }
  | { readonly fault: string };

const LITERALS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** Reads JSON as Python does: NaN and Infinity are allowed. Keys stand in the order of their names in the lines. */
export function readJson(text: string): JsonRead {
  try {
    const value: Json = JSON.parse(text.replaceAll(LITERALS, word => (word.startsWith('"') ? word : 'null')));
    return { value, lines: JSON.stringify(sorted(value), null, 2).split('\n') };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** JSON on one line, as Python's json.dumps writes it, which VDSM uses: blanks behind `,` and `:`, ASCII alone. */
export function pythonJson(value: Json): string {
  if (isList(value)) {
    return `[${value.map(pythonJson).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, one]) => `${pythonJson(key)}: ${pythonJson(one)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function sorted(value: Json): Json {
  if (isList(value)) {
    return value.map(sorted);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, one]) => [key, sorted(one)]),
      )
    : value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
