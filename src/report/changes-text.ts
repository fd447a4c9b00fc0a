import type { Change } from '../core/change.ts';
import { printable } from '../core/printable.ts';
import type { Paint } from './paint.ts';

const SIGNS: Readonly<Record<string, string>> = { install: '+', remove: '-', unmanaged: '!' };

// Longer texts than this are shown with --diff alone.
const INLINE = 70;

/**
 * Writes changes, a line each; with `diff` the whole text before and after too. Those that follow each other and differ
 * in the last word of their id alone become one: `KEY 4.7, 4.8`.
 */
export function changesLines(changes: readonly Change[], diff: boolean, paint: Paint): string[] {
  return folded(changes).flatMap(change => changeLines(change, diff, paint));
}

function folded(changes: readonly Change[]): Change[] {
  const result: Change[] = [];
  for (const change of changes) {
    const last = result.at(-1);
    const cut = change.id.lastIndexOf(' ') + 1;
    const head = change.id.slice(0, cut);
    if (last && cut > 0 && last.id.startsWith(head) && alike(last, change)) {
      result[result.length - 1] = { ...last, id: `${last.id}, ${change.id.slice(cut)}` };
    } else {
      result.push(change);
    }
  }
  return result;
}

function alike(a: Change, b: Change): boolean {
  return a.resource === b.resource && a.action === b.action && a.before === b.before && a.after === b.after;
}

function changeLines({ resource, id, action, before, after }: Change, diff: boolean, paint: Paint): string[] {
  const head = `  ${paint.sign(SIGNS[action] ?? '~')} ${resource} ${printable(id)}: ${action}`;
  const [from, to] = [before, after].map(text =>
    text === '' ? '(empty)' : text === null ? null : printable(text),
  );
  const states = [from ?? null, to ?? null].filter(text => text !== null);
  if (states.every(text => text.length <= INLINE && !text.includes('\n'))) {
    return [`${head}  ${states.join(' -> ')}`];
  }
  if (!diff) {
    return [head];
  }
  const block = (mark: string, text: string | null | undefined) =>
    text === null || text === undefined
      ? []
      : text.split('\n').map(line => `      ${paint.sign(mark)} ${line}`);
  return [head, ...block('-', from), ...block('+', to)];
}
