import { parse } from 'ini';
import type { Place, Problem } from '../../core/input-error.ts';
import { didYouMean } from '../../core/suggest.ts';
import { isSetting, SETTINGS, type SettingKey } from './settings.ts';

/** A setting as a file or the environment has it. */
export interface Given {
  readonly key: SettingKey;
  readonly values: readonly string[];
  readonly place: Place;
}

const SECTION = 'defaults';

/** Reads the text of a hookfleet.cfg: INI with one section, `[defaults]`. Everything that is not known is a problem. */
export function readConfigText(
  text: string,
  file: string,
): { readonly given: readonly Given[]; readonly problems: readonly Problem[] } {
  const found = lineScan(text);
  // `ini` takes a heading behind blanks or a byte order mark for a key.
  const trimmed = text.split(/\r?\n/).map(line => line.trim());
  const section: unknown = parse(trimmed.join('\n'))[SECTION];
  const values = new Map(Object.entries(typeof section === 'object' && section !== null ? section : {}));
  const problems = found.flatMap(({ section: at, key, line }, index) => {
    const place = { file, line };
    if (key === undefined) {
      return at === SECTION
        ? []
        : [{ place, message: `the section [${at}] is not known`, hint: ONE_SECTION }];
    }
    if (at === undefined) {
      return [{ place, message: `${key} stands in no section`, hint: ONE_SECTION }];
    }
    return at === SECTION ? keyProblems(key, place, found.slice(0, index)) : [];
  });
  const given = found.flatMap(({ section: at, key = '', line }, index) => {
    const name = key.replace(/\[\]$/, '');
    const first = found.findIndex(one => one.section === at && one.key === key) === index;
    const value: unknown = values.get(name);
    return at === SECTION && first && isSetting(name) && value !== undefined
      ? [{ key: name, values: (Array.isArray(value) ? value : [value]).map(String), place: { file, line } }]
      : [];
  });
  return { given, problems };
}

const ONE_SECTION = `All keys stand below one line: [${SECTION}]`;

function keyProblems(key: string, place: Place, before: readonly Found[]): Problem[] {
  const name = key.replace(/\[\]$/, '');
  if (!isSetting(name)) {
    const near = didYouMean(name.replaceAll('-', '_'), Object.keys(SETTINGS));
    return [
      {
        place,
        message: `${name} is not a setting`,
        hint: near === undefined ? 'docs/settings.md lists all of them' : `Did you mean ${near}?`,
      },
    ];
  }
  if (key !== name && name !== 'inventory' && name !== 'vault_password_file') {
    return [{ place, message: `${name} has one value`, hint: `Write ${name} = …` }];
  }
  const earlier = before.find(one => one.section === SECTION && one.key === key);
  return key === name && earlier !== undefined
    ? [{ place, message: `${name} stands twice`, hint: `Once in line ${earlier.line}; keep one of the two` }]
    : [];
}

interface Found {
  readonly section: string | undefined;
  /** Undefined for the line of the section itself. */
  readonly key?: string;
  readonly line: number;
}

/** Where sections and keys stand, as `ini` finds them: it does not tell itself. */
function lineScan(text: string): Found[] {
  let section: string | undefined;
  return text.split(/\r?\n/).flatMap((written, index): Found[] => {
    const line = written.trim();
    const [, heading] = /^\[([^\]]*)\]\s*$/.exec(line) ?? [];
    if (line === '' || line.startsWith(';') || line.startsWith('#')) {
      return [];
    }
    if (heading !== undefined) {
      section = heading;
      return [{ section, line: index + 1 }];
    }
    return [{ section, key: line.split('=')[0]?.trim() ?? '', line: index + 1 }];
  });
}
