import type { Phase } from '../core/event.ts';
import { printable } from '../core/printable.ts';
import { duration, roughDuration, wholeDuration } from './duration.ts';
import { timeLeft } from './estimate.ts';
import type { FrameLook } from './frame.ts';
import { cut, fitLine, type Span, widthOf } from './line.ts';
import { type BatchProgress, isTrouble, type PlayProgress, type Progress, type Tally } from './progress.ts';
import { hostsText, outcomeCounts } from './words.ts';

interface Row {
  readonly indent: string;
  readonly icon: Span;
  readonly name: string;
  /** `130/150`. */
  readonly done: string;
  readonly facts: readonly Fact[];
}

/** Where the terminal is too narrow for all facts, the one with the smallest weight goes first. */
interface Fact extends Span {
  readonly weight: number;
}

// How often the spinner turns, in milliseconds.
const SPINNER_MS = 300;

// Of the batches of a play: the running one, and the one before.
const BATCHES_SHOWN = 2;

const NARROWEST_NAME = 10;

// On fewer columns counters are worth more than names.
const NARROW = 60;

const PHASES: readonly Phase[] = ['connecting', 'probing', 'changing', 'verifying'];

/** A line that is in no column. */
type Note = Span;

/** The rows of plays and batches, at most so many as there is room for; what is done goes first. */
export function rowLines(progress: Progress, now: number, look: FrameLook, room: number): string[] {
  const { plays, current } = progress;
  const inner = current === null || current.endedAt !== null ? [] : innerRows(progress, current, now, look);
  const forPlays = Math.max(1, room - inner.length);
  const at = current === null ? 0 : plays.indexOf(current);
  const first = Math.max(0, Math.min(at, plays.length - forPlays));
  const rows = plays
    .slice(first, first + forPlays)
    .flatMap(play => [playRow(progress, play, now, look), ...(play === current ? inner : [])]);
  return aligned(rows.slice(0, room), look);
}

function playRow(progress: Progress, play: PlayProgress, now: number, look: FrameLook): Row {
  const left = timeLeft(progress, play, now);
  return {
    indent: '',
    icon: icon(play, now, look),
    name: printable(play.name),
    done: `${play.finished}/${play.hosts}`,
    facts: [
      ...outcomeFacts(play, look),
      ...timeFacts(play, now, look),
      ...(left === null ? [] : [{ text: `${roughDuration(left)} left`, weight: 3, paint: look.paint.dim }]),
    ],
  };
}

/** What stands below the play that runs: its last batches, and what its hosts are at. */
function innerRows(
  progress: Progress,
  { batches }: PlayProgress,
  now: number,
  look: FrameLook,
): (Row | Note)[] {
  const phases = [...progress.busy.values()].map(({ phase }) => phase);
  const doing = PHASES.map(phase => ({ phase, number: phases.filter(one => one === phase).length }))
    .filter(({ number }) => number > 0)
    .map(({ phase, number }) => `${number} ${phase}`)
    .join(', ');
  return [
    ...batches.slice(-BATCHES_SHOWN).map(batch => batchRow(batch, now, look)),
    ...(progress.pausedUntil === null
      ? []
      : [{ text: `    next batch in ${wholeDuration(progress.pausedUntil - now)}` }]),
    ...(doing === '' ? [] : [{ text: `    ${doing}`, paint: look.paint.dim }]),
  ];
}

function batchRow(batch: BatchProgress, now: number, look: FrameLook): Row {
  const { index, count, hosts } = batch.batch;
  const who = hosts.length === 1 ? [{ text: hostsText(hosts), weight: 0 }] : [];
  return {
    indent: '  ',
    icon: icon(batch, now, look),
    name: `batch ${index + 1} of ${count}`,
    done: `${batch.finished}/${batch.hosts}`,
    facts: [...outcomeFacts(batch, look), ...timeFacts(batch, now, look), ...who],
  };
}

function icon(tally: Tally, now: number, { paint, symbols }: FrameLook): Span {
  if (tally.startedAt === null) {
    return { text: symbols.waiting };
  }
  if (tally.endedAt === null) {
    const turn = Math.floor(now / SPINNER_MS) % symbols.spinner.length;
    return { text: symbols.spinner[turn] ?? '', paint: paint.warning };
  }
  if ([...tally.counts.keys()].some(isTrouble)) {
    return { text: symbols.failed, paint: paint.error };
  }
  return tally.counts.has('skipped') || tally.counts.has('cancelled')
    ? { text: symbols.skipped }
    : { text: symbols.done, paint: text => paint.outcome('ok', text) };
}

function outcomeFacts({ counts }: Tally, { paint }: FrameLook): Fact[] {
  return outcomeCounts(counts).map(({ outcome, text }) => ({
    text,
    weight: isTrouble(outcome) ? 5 : 1,
    paint: said => paint.outcome(outcome, said),
  }));
}

function timeFacts({ startedAt, endedAt, worked }: Tally, now: number, { paint }: FrameLook): Fact[] {
  if (startedAt === null || (endedAt !== null && worked === 0)) {
    return [];
  }
  const text = endedAt === null ? wholeDuration(now - startedAt) : duration(endedAt - startedAt);
  return [{ text, weight: 2, paint: paint.dim }];
}

/** Puts rows below each other in columns: sign, name, how many are done, facts. */
function aligned(lines: readonly (Row | Note)[], { columns, symbols }: FrameLook): string[] {
  const rows = lines.filter(line => 'facts' in line);
  const doneWidth = Math.max(0, ...rows.map(({ done }) => done.length));
  const signWidth = 2;
  const free = columns - signWidth - doneWidth - 2;
  const widestName = Math.max(0, ...rows.map(({ indent, name }) => indent.length + widthOf(name)));
  const widestFacts = Math.max(0, ...rows.map(({ facts }) => factsWidth(facts)));
  const nameWidth = Math.min(
    widestName,
    Math.max(NARROWEST_NAME, Math.floor(free / (columns < NARROW ? 3 : 2)), free - widestFacts),
  );
  return lines.map(line => {
    if (!('facts' in line)) {
      return fitLine([line], columns, symbols.ellipsis);
    }
    const { indent, icon: sign, name, done, facts } = line;
    const shown = cut(name, nameWidth - indent.length, symbols.ellipsis);
    const blanks = ' '.repeat(nameWidth - indent.length - widthOf(shown));
    const kept = fitting(facts, free - nameWidth);
    const head = [{ text: indent }, sign, { text: ` ${shown}${blanks}  ${done.padStart(doneWidth)}` }];
    return fitLine(
      [...head, ...kept.flatMap((fact, i) => [{ text: i === 0 ? '  ' : ', ' }, fact])],
      columns,
      symbols.ellipsis,
    ).trimEnd();
  });
}

function fitting(facts: readonly Fact[], columns: number): readonly Fact[] {
  if (facts.length === 0 || factsWidth(facts) <= columns) {
    return facts;
  }
  const least = Math.min(...facts.map(({ weight }) => weight));
  const dropped = facts.findIndex(({ weight }) => weight === least);
  return fitting(facts.toSpliced(dropped, 1), columns);
}

/** With the two columns before each. */
function factsWidth(facts: readonly Fact[]): number {
  return facts.reduce((sum, { text }) => sum + widthOf(text) + 2, 0);
}
