import { changesLines } from '../changes-text.ts';
import { factText } from '../facts.ts';
import type { Paint } from '../paint.ts';
import { count, hostsText } from '../words.ts';
import type { HostDiff, RunsDiff } from './runs-diff.ts';

/** What differs between two runs, for people; hosts with the same differences under one heading. */
export function runsDiffPage(
  diff: RunsDiff,
  options: { readonly diff: boolean; readonly paint: Paint },
): string {
  const groups = new Map<string, { readonly names: string[]; readonly lines: readonly string[] }>();
  for (const [name, host] of diff.hosts) {
    const lines = hostLines(host, options);
    const key = lines.join('\n');
    const group = groups.get(key) ?? { names: [], lines };
    group.names.push(name);
    groups.set(key, group);
  }
  const blocks = [
    ...[...groups.values()].map(({ names, lines }) => [heading(names, options.paint), ...lines]),
    ...alone('only in the later run', diff.appeared, options.paint),
    ...alone('only in the earlier run', diff.vanished, options.paint),
  ];
  return blocks.map(lines => lines.join('\n')).join('\n\n');
}

function heading(names: readonly string[], paint: Paint): string {
  const number = names.length === 1 ? '' : ` (${count(names.length, 'host')})`;
  return `${paint.bold(hostsText(names))}${number}`;
}

function alone(what: string, names: readonly string[], paint: Paint): string[][] {
  return names.length === 0 ? [] : [[`${what}: ${heading(names, paint)}`]];
}

function hostLines(
  { outcome, newDrift, goneDrift, facts }: HostDiff,
  { diff, paint }: { readonly diff: boolean; readonly paint: Paint },
): string[] {
  const drift = (title: string, changes: HostDiff['newDrift']) =>
    changes.length === 0
      ? []
      : [`  ${title}:`, ...changesLines(changes, diff, paint).map(line => `  ${line}`)];
  return [
    ...(outcome === null
      ? []
      : [
          `  outcome: ${paint.outcome(outcome.before, outcome.before)} -> ${paint.outcome(outcome.after, outcome.after)}`,
        ]),
    ...facts.map(change => `  version: ${factText(change)}`),
    ...drift('new drift', newDrift),
    ...drift('drift that is gone', goneDrift),
  ];
}
