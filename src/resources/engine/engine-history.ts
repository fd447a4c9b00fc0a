import type { EngineRun, EngineValues } from '../../core/engine-values.ts';
import { type Sh, sh } from '../../core/sh.ts';
import { placeFile } from '../files/place-file.ts';
import type { Step } from '../resource.ts';
import type { EnginePropertiesFound } from './engine-found.ts';
import { ENGINE_KEYS } from './engine-shell.ts';

/** Under the host's root: a file a run, what the engine had before it. Root's alone. */
const HISTORY_FOLDER = '/var/lib/hookfleet/engine-history';

/** How many runs are kept; the older ones go when one is added. */
const KEPT = 50;

/** A run that changed an engine, as the engine's disk has it. */
export interface EngineHistoryEntry extends EngineRun {
  /** What the engine had before the run wrote its first value. */
  readonly values: EngineValues;
}

/** The values of an engine as they were found: every key that was read, every level. */
export function valuesOf({ values }: EnginePropertiesFound): EngineValues {
  return Object.fromEntries(
    ENGINE_KEYS.flatMap(key => {
      const rows = values[key];
      return rows === undefined ? [] : [[key, rows]];
    }),
  );
}

/** Saves what an engine has, before the first write; then the result of the host carries it too. */
export function historyStep(run: EngineRun, found: EnginePropertiesFound): Step {
  const values = valuesOf(found);
  const entry: EngineHistoryEntry = { id: run.id, holder: run.holder, values };
  const path = `${HISTORY_FOLDER}/${run.id}.json`;
  return {
    title: 'save the old properties',
    // Of several attempts of a run the first has seen what was there before it. The names tell the time by the clocks of
    // those who run this: one that is slow shall not lose its own.
    script: sh`mkdir -p .${HISTORY_FOLDER}
chmod 0700 .${HISTORY_FOLDER}
if [ ! -e .${path} ]; then
${placeFile({ path, content: Buffer.from(`${JSON.stringify(entry)}\n`), mode: 0o600, owner: 'root:root' })}
fi
ls -1 .${HISTORY_FOLDER} | sort -r | tail -n ${`+${KEPT + 1}`} | while IFS= read -r old; do
  [ "$old" = ${`${run.id}.json`} ] || rm -f -- .${HISTORY_FOLDER}/"$old"
done`,
    timeoutSeconds: 60,
    changes: [],
    saves: { run: run.id, values },
    explain: () => ({
      message: 'The old properties could not be saved on the engine host, so none was set',
      hint: 'See that /var/lib of the engine host is writable and not full.',
    }),
  };
}

/** Prints the saved runs, one a line, as base64, the newest first. */
export const HISTORY_LOOK: Sh = sh`ls -1 .${HISTORY_FOLDER} 2>/dev/null | sort -r | while IFS= read -r name; do
  case $name in *.json) base64 -w 0 <.${HISTORY_FOLDER}/"$name"; echo ;; esac
done`;

/** Reads what {@link HISTORY_LOOK} printed, the newest first; a file that is no history is left out. */
export function readHistory(text: string): readonly EngineHistoryEntry[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .flatMap(line => {
      const entry = parseEntry(Buffer.from(line, 'base64').toString('utf8'));
      return entry === undefined ? [] : [entry];
    });
}

function parseEntry(text: string): EngineHistoryEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || typeof value.id !== 'string' || typeof value.holder !== 'string') {
    return undefined;
  }
  const { id, holder, values } = value;
  return isRecord(values) && Object.values(values).every(isTexts)
    ? { id, holder, values: values as EngineValues }
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(text => typeof text === 'string');
}
