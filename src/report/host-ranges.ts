// Fewer names than this that differ in one number stay as they are.
const LEAST = 3;

// Longer numbers are no counters, and not every one of them is exact as a number.
const MOST_DIGITS = 15;

/**
 * Folds names of hosts as ClusterShell's nodesets do: `kvm[001-120].example.org`. Zeros that a number is padded with are
 * kept, so a range stands for exactly the names that it was made of. A name in which a bracket, a comma or a colon could
 * be misread is left as it is.
 *
 * @returns the ranges and single names, in the order in which their first host came.
 */
export function foldHosts(names: readonly string[]): string[] {
  const odd = new Set(names.filter(name => /[[\],:\s]/.test(name)));
  let entries: readonly string[] = [...new Set(names)];
  for (;;) {
    const folded = foldOnce(entries, odd);
    if (folded.length === entries.length) {
      return folded;
    }
    entries = folded;
  }
}

/** One number of an entry, and what stands around it. */
interface Slot {
  readonly entry: string;
  readonly before: string;
  readonly digits: string;
  readonly after: string;
}

function foldOnce(entries: readonly string[], odd: ReadonlySet<string>): string[] {
  const folded = new Map<string, string>();
  const slots = entries.filter(entry => !odd.has(entry)).flatMap(slotsOf);
  for (const family of familiesOf(slots)) {
    const free = family.filter(({ entry }) => !folded.has(entry));
    if (free.length >= LEAST) {
      const text = rangeText(free);
      for (const { entry } of free) {
        folded.set(entry, text);
      }
    }
  }
  return [...new Set(entries.map(entry => folded.get(entry) ?? entry))];
}

/** The numbers of an entry, the last one first; those in brackets are folded already. */
function slotsOf(entry: string): Slot[] {
  return [...entry.matchAll(/\[[^\]]*\]|\d+/g)]
    .filter(([text]) => !text.startsWith('[') && text.length <= MOST_DIGITS)
    .map(({ 0: digits, index }) => ({
      entry,
      before: entry.slice(0, index),
      digits,
      after: entry.slice(index + digits.length),
    }))
    .reverse();
}

/** Slots that differ in their number alone, the largest family first. Numbers padded to different widths never mix. */
function familiesOf(slots: readonly Slot[]): Slot[][] {
  const alike = grouped(slots, ({ before, after }) => `${before}\n${after}`);
  return alike
    .flatMap(family => {
      const padded = new Set(
        family.filter(({ digits }) => /^0./.test(digits)).map(({ digits }) => digits.length),
      );
      return grouped(family, ({ digits }) => (padded.has(digits.length) ? digits.length : 0));
    })
    .sort((a, b) => b.length - a.length);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const groups = new Map<unknown, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) {
      group.push(item);
    } else {
      groups.set(key, [item]);
    }
  }
  return [...groups.values()];
}

function rangeText(family: readonly Slot[]): string {
  const runs: { first: Slot; last: Slot }[] = [];
  for (const slot of family.toSorted((a, b) => Number(a.digits) - Number(b.digits))) {
    const run = runs.at(-1);
    if (run && Number(slot.digits) === Number(run.last.digits) + 1) {
      run.last = slot;
    } else {
      runs.push({ first: slot, last: slot });
    }
  }
  const [{ before, after } = { before: '', after: '' }] = family;
  const inside = runs.map(({ first, last }) =>
    first === last ? first.digits : `${first.digits}-${last.digits}`,
  );
  return `${before}[${inside.join(',')}]${after}`;
}
