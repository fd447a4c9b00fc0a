import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { RunResult } from '../../src/core/host-result.ts';
import { totals } from '../../src/report/json.ts';
import type { RunAsked } from '../../src/run/record-line.ts';
import { createRecord } from '../../src/run/record-writer.ts';
import { type RunPlay, type RunPorts, run } from '../../src/run/run.ts';
import { REQUEST } from './fake-fleet.ts';

export async function recordsFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-records-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'state', 'runs');
}

export function askedOf(plays: readonly RunPlay[], more: Partial<RunAsked> = {}): RunAsked {
  const names = plays.flatMap(play => play.hosts.map(({ name }) => name));
  return {
    id: '20261120T121829Z-3f9c',
    hookfleet: '0.1.0',
    command: 'apply',
    words: ['site.yml'],
    changes: true,
    typed: ['apply', 'site.yml', '-i', 'hosts.ini'],
    folder: '/home/ann/fleet',
    playbook: { file: '/home/ann/fleet/site.yml', sha256: 'ab' },
    inventory: ['/home/ann/fleet/hosts.ini'],
    by: { user: 'ann', sudoUser: null, host: 'admin-01', pid: 4711, process: '1' },
    startedAt: '2026-11-20T12:18:29.000Z',
    forks: 10,
    plays: plays.map(play => ({ name: play.name, hosts: play.hosts.map(({ name }) => name) })),
    addresses: Object.fromEntries(names.map(name => [name, name])),
    ...more,
  };
}

/** Runs plays and records them, as the command line does. */
export async function recordRun(
  folder: string,
  plays: readonly RunPlay[],
  ports: RunPorts,
  more: Partial<RunAsked> = {},
): Promise<RunResult> {
  const writer = createRecord(folder, askedOf(plays, more), error => {
    throw error;
  });
  const keep = writer.beginPass(true);
  const report: RunPorts['report'] = event => {
    keep(event);
    ports.report(event);
  };
  const result = await run({ ...REQUEST, plays }, { ...ports, report });
  writer.end({
    at: '2026-11-20T12:18:39.000Z',
    ms: 10_000,
    exitCode: 0,
    stopped: result.stopped,
    interrupted: result.interrupted,
    totals: totals(result),
  });
  writer.close();
  return result;
}
