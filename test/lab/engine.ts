import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshRows, parseRows, type Rows, writeStore, writeStoreSettings } from './engine-store.ts';
import type { LabHost } from './host.ts';

type EngineHost = Pick<LabHost, 'root' | 'address'>;

/** What {@link engineHealth} says of an engine that is up. */
export const HEALTHY = '200 DB Up!Welcome to Health Status!';

/** How the stand-ins of an engine host behave. */
export interface EngineOptions {
  /** The cluster levels that have property rows; 4.2 to 4.8 unless said otherwise. */
  readonly levels?: readonly string[];
  /** Milliseconds that each engine-config call takes; 10 unless said otherwise (the real one: about 1000). */
  readonly delayMs?: number;
  /** Milliseconds that engine-config lives on after it wrote a row, to be interrupted there; 0 unless said otherwise. */
  readonly afterWriteMs?: number;
  /** Seconds after a restart in which nothing listens; 0.3 unless said otherwise. */
  readonly refusedSeconds?: number;
  /** Seconds of 404 after that; 0.3 unless said otherwise. */
  readonly notFoundSeconds?: number;
  /** Seconds of 503 after that; 0.3 unless said otherwise. Then it is healthy. */
  readonly unavailableSeconds?: number;
  /** Seconds that the engine takes to stop; 0 unless said otherwise. */
  readonly stopSeconds?: number;
}

const STORE = 'var/lib/ovirt-engine/vdc_options';

/** Writes the settings and the property rows of a fresh engine to the disk of a host that does not run yet. */
export async function setUpEngine(root: string, address: string, options: EngineOptions = {}): Promise<void> {
  await writeEngineSettings(root, address, {
    refusedSeconds: 0,
    notFoundSeconds: 0,
    unavailableSeconds: 0,
  });
  await writeStore(join(root, STORE), freshRows(options.levels), {
    delay_ms: options.delayMs ?? 10,
    after_write_ms: options.afterWriteMs ?? 0,
  });
  // curl takes `localhost` for 127.0.0.1 without asking anybody, and that address is shared by all hosts of the lab.
  await writeFile(join(root, 'root/.curlrc'), `resolve = "localhost:80:${address}"\n`);
}

/** Resolves once the engine is healthy; from then on restarts take the time that the options say. */
export async function waitForEngine(host: EngineHost, options: EngineOptions = {}): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await engineHealth(host)) !== HEALTHY) {
    if (Date.now() > deadline) {
      throw new Error(`The engine at ${host.address} did not become healthy`);
    }
    await sleep(20);
  }
  await writeEngineSettings(host.root, host.address, options);
}

/** Changes how the engine behaves from its next start on, and engine-config from its next call on. */
export async function changeEngine(host: EngineHost, options: EngineOptions): Promise<void> {
  await writeEngineSettings(host.root, host.address, options);
  await writeStoreSettings(engineStore(host), {
    delay_ms: options.delayMs ?? 10,
    after_write_ms: options.afterWriteMs ?? 0,
  });
}

/** The folder with the property rows, for the functions of engine-store.ts. */
export function engineStore(host: Pick<LabHost, 'root'>): string {
  return join(host.root, STORE);
}

/** The rows as the running engine read them at its last start. */
export async function loadedRows(host: Pick<LabHost, 'root'>): Promise<Rows> {
  return parseRows(await readFile(join(host.root, 'var/lib/ovirt-engine/loaded'), 'utf8'));
}

/** How often the engine was started since the host booted; the boot itself is the first. */
export async function engineStarts(host: Pick<LabHost, 'root'>): Promise<number> {
  const text = await readFile(join(host.root, 'var/log/ovirt-engine/starts'), 'utf8');
  return text.split('\n').length - 1;
}

/** What the health page answers right now: status and body, or `refused`. */
export function engineHealth(host: Pick<LabHost, 'address'>): Promise<string> {
  return new Promise(resolve => {
    const get = request(
      { host: host.address, path: '/ovirt-engine/services/health', agent: false, timeout: 2000 },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve(`${response.statusCode} ${Buffer.concat(chunks).toString().trim()}`),
        );
        response.on('error', () => resolve('broken off'));
      },
    );
    get.on('timeout', () => get.destroy());
    get.on('error', () => resolve('refused'));
    get.end();
  });
}

async function writeEngineSettings(root: string, address: string, options: EngineOptions): Promise<void> {
  const settings = {
    listen: `${address}:80`,
    refused_seconds: options.refusedSeconds ?? 0.3,
    not_found_seconds: options.notFoundSeconds ?? 0.3,
    unavailable_seconds: options.unavailableSeconds ?? 0.3,
    stop_seconds: options.stopSeconds ?? 0,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(root, 'etc/ovirt-engine/lab.conf'), lines.join(''));
}
