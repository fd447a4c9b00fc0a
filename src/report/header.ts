import { printable } from '../core/printable.ts';
import { count } from './words.ts';

/** What a run is about, as the user asked for it. */
export interface RunAbout {
  /** The command's own words: the playbook, the hooks. */
  readonly words: readonly string[];
  /** Only looks, for what is shown before the question. */
  readonly preview: boolean;
}

/** The lines above a run: `apply hooks.yml: 500 hosts, at most 50 at once`. */
export function headerLines(
  { words, preview }: RunAbout,
  { command, hosts, forks }: { readonly command: string; readonly hosts: number; readonly forks: number },
): string[] {
  const atOnce = hosts <= forks ? '' : `, at most ${forks} at once`;
  const what = [command, ...words].map(printable).join(' ');
  return [`${what}: ${preview ? 'looking at ' : ''}${count(hosts, 'host')}${atOnce}`];
}
