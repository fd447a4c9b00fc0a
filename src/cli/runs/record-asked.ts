import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Host } from '../../core/host.ts';
import { isEngineSource } from '../../inventory/engine-source.ts';
import { isHostList } from '../../inventory/read-sources.ts';
import type { RunAsked } from '../../run/record-line.ts';
import { processMark } from '../../run/record-process.ts';
import type { RunPlay } from '../../run/run.ts';
import { userName } from '../engine/holder.ts';
import type { FleetCommand } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';
import { readVersion } from '../version.ts';
import { thisRun } from './this-run.ts';

/** What is asked of this run, as its record tells it. */
export async function askedOf(
  { name, words, changes }: Omit<FleetCommand, 'needsWhole'>,
  plays: readonly RunPlay[],
  forks: number,
  { inventory }: FleetOptions,
): Promise<RunAsked> {
  const { SUDO_USER = '' } = process.env;
  return {
    id: thisRun().id,
    hookfleet: readVersion(),
    command: name,
    words,
    changes,
    typed: process.argv.slice(2).map(withoutPassword),
    folder: process.cwd(),
    playbook: name === 'apply' || name === 'check' ? await playbookOf(words[0] ?? '') : null,
    inventory: inventory.map(path => inventoryPath(path)),
    by: {
      user: userName(),
      sudoUser: SUDO_USER === '' ? null : SUDO_USER,
      host: hostname(),
      pid: process.pid,
      process: processMark(process.pid),
    },
    startedAt: new Date().toISOString(),
    forks,
    plays: plays.map(play => ({ name: play.name, hosts: play.hosts.map(host => host.name) })),
    addresses: Object.fromEntries(
      plays.flatMap(play => play.hosts.map(host => [host.name, addressOf(host)])),
    ),
  };
}

/** An inventory as it is named in a record: what is no list of hosts has an absolute path. */
export function inventoryPath(path: string): string {
  return isHostList(path) || isEngineSource(path) ? path : resolve(path);
}

function addressOf({ address, port }: Host): string {
  const name = port !== undefined && address.includes(':') ? `[${address}]` : address;
  return port === undefined ? name : `${name}:${port}`;
}

/** No option takes a secret; a URL may hold one all the same. */
function withoutPassword(word: string): string {
  return word.replaceAll(/(:\/\/[^/@\s:]*:)[^/@\s]*@/g, '$1[redacted]@');
}

/** A playbook as a record names it; null for what comes through a pipe, which cannot be read a second time. */
export async function playbookOf(path: string): Promise<RunAsked['playbook']> {
  const file = resolve(path);
  try {
    return (await stat(file)).isFile()
      ? {
          file,
          sha256: createHash('sha256')
            .update(await readFile(file))
            .digest('hex'),
        }
      : null;
  } catch {
    return null;
  }
}
