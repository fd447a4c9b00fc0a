import type { Change } from '../../core/change.ts';
import type { Failure } from '../../core/failure.ts';
import { OUTCOMES, type Outcome } from '../../core/outcome.ts';
import { type Cause, gatherCauses } from '../cause.ts';
import type { FleetData } from '../fleet-data.ts';
import { diffLines } from '../line-diff.ts';
import { type Html, html, NOTHING } from './html.ts';
import { badge, namesList, orNone, section, wide } from './page-parts.ts';

/** Hosts of which the same is to be told. */
export interface Block {
  /** Of its element in the page. */
  readonly id: string;
  readonly outcome: Outcome;
  readonly hosts: readonly string[];
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
  /** What went wrong; texts of several hosts without what is each one's own. */
  readonly failure: Failure | null;
}

/** Hosts with the same outcome, changes, notes and trouble together, the worst first. */
export function blocksOf({ hosts }: FleetData, aliases: ReadonlyMap<string, readonly string[]>): Block[] {
  const causes = gatherCauses(aliases);
  const known: Cause[] = [];
  const found = new Map<string, Omit<Block, 'id' | 'failure'> & { names: string[]; cause: Cause | null }>();
  for (const { name, result } of hosts) {
    const { outcome, changes, notes, error } = result;
    if (changes.length === 0 && notes.length === 0 && error === null) {
      continue;
    }
    const cause = error === null ? null : causes.add(name, outcome, error);
    if (cause !== null && !known.includes(cause)) {
      known.push(cause);
    }
    const key = JSON.stringify([outcome, changes, notes, cause === null ? -1 : known.indexOf(cause)]);
    const names = found.get(key)?.names ?? [];
    names.push(name);
    found.set(key, { outcome, hosts: names, names, changes, notes, cause });
  }
  return [...found.values()]
    .toSorted(
      (a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) || b.hosts.length - a.hosts.length,
    )
    .map(({ outcome, hosts: names, changes, notes, cause }, i) => ({
      id: `what-${i + 1}`,
      outcome,
      hosts: names,
      changes,
      notes,
      failure: cause?.failure ?? null,
    }));
}

/** What differs, was changed or went wrong, and how. */
export function differencesSection(blocks: readonly Block[]): Html {
  return section(
    'what',
    'What differs, and how',
    blocks.length === 0 ? html`<p>Nothing.</p>` : html`${blocks.map(blockArticle)}`,
  );
}

function blockArticle({ id, outcome, hosts, changes, notes, failure }: Block): Html {
  const [first = ''] = hosts;
  const who = hosts.length === 1 ? html` ${first}` : html` ${hosts.length} hosts`;
  return html`<article id="${id}" class="${outcome}" tabindex="-1" aria-labelledby="${id}-title"><h3 id="${id}-title">${badge(outcome)}${who}</h3>
${hosts.length === 1 ? NOTHING : namesList(hosts)}
${failure === null ? NOTHING : failureList(failure)}
${changes.length === 0 ? NOTHING : changesTable(changes, id, outcome)}
${notes.map(note => html`<p class="note">note: ${note}</p>`)}
</article>
`;
}

function failureList({ message, step, command, exitCode, stderr, hint }: Failure): Html {
  const facts: readonly (readonly [string, Html])[] = [
    ...(step === 'start' ? [] : [['at', html`${step}`] as const]),
    ...(command === null ? [] : [['command', html`<code>${command}</code>`] as const]),
    ...(exitCode === null ? [] : [['exit code', html`${exitCode}`] as const]),
    ...(stderr === null || stderr.trim() === '' ? [] : [['output', html`<pre>${stderr}</pre>`] as const]),
    ...(hint === null ? [] : [['what to do', html`${hint}`] as const]),
  ];
  return html`<p class="message">${message}</p>
${facts.length === 0 ? NOTHING : html`<dl>${facts.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`}`;
}

function changesTable(changes: readonly Change[], id: string, outcome: Outcome): Html {
  const [before, after] = outcome === 'drifted' ? ['found', 'should be'] : ['before', 'after'];
  const rows = changes.map(
    ({ resource, id: what, action, ...states }) =>
      html`<tr><td>${resource}</td><th scope="row">${what}</th><td>${action}</td>${statesCells(states)}</tr>\n`,
  );
  return wide(html`<table class="changes" aria-labelledby="${id}-title"><thead><tr><th scope="col">kind</th><th scope="col">what</th><th scope="col">action</th><th scope="col">${before}</th><th scope="col">${after}</th></tr></thead>
<tbody>
${rows}</tbody></table>`);
}

/** Longer texts than this, and those of several lines, are shown as a diff. */
const INLINE = 70;

function statesCells({ before, after }: Pick<Change, 'before' | 'after'>): Html {
  const texts = [before, after].flatMap(text => text ?? []);
  return texts.every(text => text.length <= INLINE && !text.includes('\n'))
    ? html`<td><del>${orNone(before)}</del></td><td><ins>${orNone(after)}</ins></td>`
    : html`<td colspan="2"><pre class="diff">${diffLines(before ?? '', after ?? '').map(diffLine)}</pre></td>`;
}

function diffLine({ mark, text }: ReturnType<typeof diffLines>[number]): Html {
  switch (mark) {
    case '-':
      return html`<del>- ${text}</del>\n`;
    case '+':
      return html`<ins>+ ${text}</ins>\n`;
    default:
      return html`  ${text}\n`;
  }
}
