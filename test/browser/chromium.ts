import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExecutionContext } from 'ava';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** The Chromium of this machine; the driver brings none of its own. */
export function findChromium(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap(folder => PROGRAMS.map(name => join(folder, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts it, without a window. @throws where there is none. */
export async function startChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('There is no Chromium on this machine: apt-get install chromium');
  }
  // Root has no sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args, timeout: 120_000 });
}

/** A page that is open, and what it wanted or complained about besides. */
export interface Opened {
  readonly page: Page;
  /** Addresses of everything that it asked for, but its own file. */
  readonly requests: readonly string[];
  /** Errors, and what its policy has refused. */
  readonly complaints: readonly string[];
}

/** Opens a document from a file, as somebody would who got it by mail. */
export async function openPage(
  t: ExecutionContext,
  browser: Browser,
  document: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-page-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'fleet.html');
  await writeFile(file, document);
  const context = await browser.newContext(options);
  t.teardown(() => context.close());
  if (options.javaScriptEnabled !== false) {
    // What tsx puts into functions calls it, those that are sent into the page too.
    await context.addInitScript('globalThis.__name = one => one');
  }
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', request => {
    if (request.url() !== address) {
      requests.push(request.url());
    }
  });
  page.on('console', message => complaints.push(message.text()));
  page.on('pageerror', error => complaints.push(error.message));
  await page.goto(address);
  return { page, requests, complaints };
}
