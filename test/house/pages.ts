import { readdirSync, readFileSync } from 'node:fs';

export const ROOT = new URL('../../', import.meta.url);

/** A page of the project's docs. */
export interface Page {
  /** Below the project's folder: `docs/engine.md`. */
  readonly name: string;
  /** Blocks of code, with the word behind their fence. */
  readonly blocks: readonly { readonly language: string; readonly lines: readonly string[] }[];
  /** The lines outside of blocks. */
  readonly prose: readonly string[];
}

/** The README, what stands beside it, and all of docs/. */
export const PAGES: readonly Page[] = [
  ...readdirSync(ROOT, { encoding: 'utf8' }).filter(name => name.endsWith('.md')),
  ...readdirSync(new URL('docs/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
].map(readPage);

function readPage(name: string): Page {
  const prose: string[] = [];
  const blocks: { language: string; lines: string[] }[] = [];
  let fence: string | undefined;
  for (const line of readFileSync(new URL(name, ROOT), 'utf8').split('\n')) {
    const [, marks, language = ''] = /^ *(`{3,})(\w*)/.exec(line) ?? [];
    if (fence === undefined && marks !== undefined) {
      fence = marks;
      blocks.push({ language, lines: [] });
    } else if (fence !== undefined && line.trim() === fence) {
      fence = undefined;
    } else if (fence !== undefined) {
      blocks.at(-1)?.lines.push(line);
    } else {
      prose.push(line);
    }
  }
  return { name, blocks, prose };
}
