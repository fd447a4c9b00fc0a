import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { breakHosts } from '../../src/demo/breakage.ts';
import { FLEET_OPTIONS, PLAYBOOK } from '../../src/demo/control.ts';
import type { DemoFleet } from '../../src/demo/fleet.ts';
import { pageReport } from '../../src/report/page/page.ts';
import { startChromium } from '../browser/chromium.ts';
import { fleetStory } from '../report/fleet-story.ts';

const BIN = fileURLToPath(new URL('../../bin/hookfleet.js', import.meta.url));

/** How a page is photographed. */
interface Look {
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}

/** The page of a check on simulated hosts, after somebody was at work by hand. */
export async function driftedPage(fleet: DemoFleet): Promise<string> {
  const run = (...words: readonly string[]) =>
    execa(process.execPath, [BIN, ...words, ...FLEET_OPTIONS], {
      cwd: fleet.folder,
      env: { XDG_STATE_HOME: join(fleet.folder, 'state'), SSH_AUTH_SOCK: undefined },
      stdin: 'ignore',
      reject: false,
    });
  await mkdir(join(fleet.folder, 'state'), { recursive: true });
  await run('apply', PLAYBOOK, '--yes');
  await breakHosts(fleet);
  await run('check', PLAYBOOK, '--html', 'fleet.html');
  return readFile(join(fleet.folder, 'fleet.html'), 'utf8');
}

/** The page of a made-up run over so many hosts. */
export function largePage(hosts: number): string {
  return pageReport(fleetStory(hosts), new Map());
}

/** Photographs a page from its top into a PNG file. */
export async function photograph(document: string, file: string, look: Look): Promise<void> {
  const { colorScheme, ...viewport } = look;
  const browser = await startChromium();
  try {
    const page = await browser.newPage({ viewport, colorScheme });
    await page.setContent(document);
    await page.screenshot({ path: file });
  } finally {
    await browser.close();
  }
}
