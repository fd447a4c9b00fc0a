import { createHash } from 'node:crypto';
import type { FleetData } from '../fleet-data.ts';
import { count } from '../words.ts';
import { html, NOTHING, trusted } from './html.ts';
import { blocksOf, differencesSection } from './page-differences.ts';
import { enginesSection } from './page-engines.ts';
import { matrixSection } from './page-matrix.ts';
import { overview } from './page-overview.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { sinceSection } from './page-since.ts';
import { PAGE_STYLE } from './page-style.ts';
import { versionsOf, versionsSection } from './page-versions.ts';

/**
 * A run as a page for a wall screen, or for somebody who has only a browser: one file that loads nothing and leads
 * nowhere else. All that it has to say is in the document itself; its script only filters.
 *
 * @param aliases other names of a host, by its name: errors that differ in them alone are the same.
 */
export function pageReport(fleet: FleetData, aliases: ReadonlyMap<string, readonly string[]>): string {
  const blocks = blocksOf(fleet, aliases);
  const versions = versionsOf(fleet);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${titleOf(fleet)}</title>
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
${overview(fleet)}
<main>
${fleet.since === null ? NOTHING : sinceSection(fleet.since)}
${matrixSection(fleet, blocks, versions)}
${differencesSection(blocks)}
${enginesSection(fleet.engines)}
${versionsSection(versions, fleet.hosts.length)}
</main>
<footer><p>hookfleet ${fleet.about.hookfleet}</p></footer>
<script>${trusted(PAGE_SCRIPT)}</script>
</body>
</html>
`.text;
}

/** Nothing may be loaded, sent or run but the style and the script that stand in the page. */
function contentPolicy(): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(PAGE_STYLE)}`,
    `script-src ${hashOf(PAGE_SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function titleOf({ hosts, about }: FleetData): string {
  const well = hosts.filter(({ result: { outcome } }) => outcome === 'ok' || outcome === 'changed').length;
  const state = well === hosts.length ? 'all as it should be' : `${hosts.length - well} not as it should be`;
  return `${[about.command, ...about.words].join(' ')}: ${count(hosts.length, 'host')}, ${state}`;
}
