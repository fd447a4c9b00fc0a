import type { PassedOver } from '../../authoring/try/listing.ts';
import type { Tried, TriedScript } from '../../authoring/try/tried.ts';
import { printable } from '../../core/printable.ts';
import { diffHunks } from '../../report/diff-hunks.ts';
import type { DiffLine } from '../../report/line-diff.ts';
import type { Paint } from '../../report/paint.ts';

/** The last lines of what a script wrote that are shown. */
const MOST_LINES = 40;

/** A longer diff is cut. */
const MOST_DIFF_LINES = 200;

/** In characters, of the document. */
const MOST_STDOUT = 65_536;

/** What became of one operation, for people. */
export function triedText(tried: Tried, paint: Paint): string {
  const { title, caller, user, given, scripts, verdict, goesOn, notes } = tried;
  return [
    paint.bold(title),
    `  given: ${printable(given)}; on a host ${caller} runs it as ${user}`,
    ...scripts.flatMap(script => scriptLines(script, paint)),
    ...changeLines(tried, paint),
    ...notes.map(note => `  ${printable(note)}`),
    `  ${(goesOn ? paint.bold : paint.error)(printable(verdict))}`,
  ].join('\n');
}

/** A file that does not run, as a warning. */
export function passedOverText({ name, why }: PassedOver, caller: string): string {
  return `${printable(name)}: ${caller} passes it over without a word: ${why}.`;
}

function scriptLines({ name, ran, failed, notes }: TriedScript, paint: Paint): string[] {
  if (ran === undefined) {
    return [`  ${printable(name)}: ${paint.warning('not run')}`];
  }
  const end =
    ran.ending === 'hung' || ran.ending === 'flooded'
      ? 'did not end'
      : ran.status === undefined
        ? `ended by ${ran.endedBy}`
        : `exit ${ran.status}`;
  return [
    `  ${printable(name)}: ${failed ? paint.error(end) : end}, ${ran.ms} ms`,
    ...output('stderr', ran.stderr),
    ...notes.map(note => `    ${printable(note)}`),
  ];
}

function output(stream: string, text: string): string[] {
  const lines = text.trimEnd() === '' ? [] : text.trimEnd().split('\n');
  const shown = lines.slice(-MOST_LINES);
  return [
    ...(lines.length > shown.length ? [`    ${stream}: … ${lines.length - shown.length} lines before`] : []),
    ...shown.map(line => `    ${stream}: ${printable(line)}`),
  ];
}

/** What the scripts have changed, and whether anybody will see it. */
function changeOf({ outcome }: Tried): readonly DiffLine[] {
  return outcome === undefined ? [] : diffHunks(outcome.before, outcome.after);
}

function changeLines(tried: Tried, paint: Paint): string[] {
  const { outcome, caller } = tried;
  const diff = changeOf(tried);
  if (outcome === undefined) {
    return [];
  }
  if (diff.length === 0) {
    return [`  The ${outcome.kind} is as it was.`];
  }
  const shown = diff.slice(0, MOST_DIFF_LINES);
  return [
    `  The ${outcome.kind} is changed${outcome.used ? '' : `; ${caller} throws that away at this event`}:`,
    ...shown.map(({ mark, text }) => `    ${mark === ' ' ? mark : paint.sign(mark)} ${printable(text)}`),
    ...(diff.length > shown.length ? [`    … ${diff.length - shown.length} lines more`] : []),
  ];
}

/** The same for programs. */
export function triedDocument(tried: Tried): object {
  const { title, caller, user, given, scripts, goesOn, verdict, notes, outcome } = tried;
  return {
    ...{ title, caller, user, given, goesOn, verdict, notes },
    scripts: scripts.map(({ name, ran, failed, changed, notes: told }) => ({
      ...{ name, failed, changed, notes: told },
      ran:
        ran === undefined
          ? null
          : {
              ...{ ending: ran.ending, status: ran.status ?? null, signal: ran.endedBy ?? null, ms: ran.ms },
              ...{ stdout: ran.stdout.slice(0, MOST_STDOUT), stderr: ran.stderr, left: ran.left },
            },
    })),
    change:
      outcome === undefined
        ? null
        : {
            ...{ kind: outcome.kind, used: outcome.used, fault: outcome.fault ?? null },
            diff: changeOf(tried),
          },
  };
}
