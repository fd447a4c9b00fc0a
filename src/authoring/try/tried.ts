import type { Ran } from './run-script.ts';

/** One script of a try. */
export interface TriedScript {
  readonly name: string;
  /** Undefined where an earlier one kept it from running. */
  readonly ran: Ran | undefined;
  readonly failed: boolean;
  /** Whether it has changed what it was given. */
  readonly changed: boolean;
  /** What is to be known of how it ended: sentences. */
  readonly notes: readonly string[];
}

/** What scripts have made of their input. */
export interface Outcome {
  readonly kind: 'XML' | 'JSON';
  /** Both in lines that can be compared. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Whether whoever runs hooks goes on with it. */
  readonly used: boolean;
  /** Why it cannot be read. */
  readonly fault: string | undefined;
}

/** Scripts that were run as one operation, and what would have come of it. */
export interface Tried {
  /** `before_vm_start`, `qemu prepare`. */
  readonly title: string;
  readonly caller: 'VDSM' | 'libvirt';
  /** The user that runs them on a host. */
  readonly user: string;
  /** What they were given, as a noun. */
  readonly given: string;
  readonly scripts: readonly TriedScript[];
  readonly goesOn: boolean;
  /** What the event makes of it: a sentence. */
  readonly verdict: string;
  /** Sentences on the whole. */
  readonly notes: readonly string[];
  readonly outcome: Outcome | undefined;
}

/** A wait that was longer than this is worth a note. */
const NOTICED_MS = 500;

/** What there is to say of how a script ended, whoever runs it. */
export function notesOn({ ending, heldMs, left, status, endedBy }: Ran, caller: Tried['caller']): string[] {
  const what = left.length === 0 ? 'a process that has left its group' : left.join(', ');
  switch (ending) {
    case 'hung':
      return [`It was not done at the time limit. ${caller} has none: it would wait.`];
    case 'held':
      return [
        `It has ended, and something that it left behind holds its stdout or stderr open: ${what}. ${caller} waits for that too, without a time limit.`,
      ];
    case 'flooded':
      return [`It printed without an end. ${caller} keeps all of it in memory.`];
    case 'refused':
      return [`It cannot be executed: ${caller} sees the status ${status}.`];
    default:
      return [
        ...(endedBy === undefined ? [] : [`It was ended by ${endedBy}.`]),
        ...(heldMs > NOTICED_MS
          ? [
              `It had ended, and its stdout or stderr stayed open for ${(heldMs / 1000).toFixed(1)} s more: ${caller} waits for that.`,
            ]
          : []),
        ...(left.length > 0 ? [`It left running, and was ended here: ${what}.`] : []),
      ];
  }
}

/** Whether a script never came to its end by itself, so that whoever runs it would still wait. */
export function isEndless({ ending }: Ran): boolean {
  return ending === 'hung' || ending === 'held' || ending === 'flooded';
}
