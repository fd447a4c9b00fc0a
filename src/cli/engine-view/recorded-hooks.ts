import { setTimeout as sleep } from 'node:timers/promises';
import { HostError } from '../../core/failure.ts';
import type { Host } from '../../core/host.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { listHostHooks, REFRESHABLE, refreshCapabilities } from '../../engine/client/host-hooks.ts';
import type { EngineHost } from '../../engine/client/hosts.ts';
import type { Settled } from '../../resources/bound.ts';
import { staleView, unkeepable } from '../../resources/vdsm-view/engine-view.ts';
import type { HookDigests } from '../../resources/vdsm-view/vdsm-view-found.ts';
import { findEngineHost } from './find-engine-host.ts';
import type { Patience } from './loaded-properties.ts';

/**
 * Compares what the engine has on record of a host's hooks with what VDSM sees; where it differs and `refresh` is wanted,
 * has the engine read the host's capabilities anew, and waits until its record is right.
 *
 * @throws {HostError} where the engine cannot be asked.
 */
export async function settleRecord(
  host: Host,
  seen: HookDigests,
  {
    api,
    hosts,
    refresh,
    patience,
  }: {
    readonly api: EngineApi;
    readonly hosts: () => Promise<readonly EngineHost[]>;
    readonly refresh: boolean;
    readonly patience: Patience;
  },
): Promise<Settled> {
  const found = findEngineHost(host, await hosts());
  if (found === undefined) {
    return only(
      'The engine has no host with this name or address, so its record of the hooks was not compared',
    );
  }
  const spoilt = unkeepable(seen);
  if (spoilt.length > 0) {
    return only(
      `The engine cannot keep file names with =, a comma or a brace, and loses its record of all hooks of this host by them: ${spoilt.join(' ')}`,
    );
  }
  const stale = staleView(seen, await listHostHooks(api, found.id));
  if (stale.length === 0 || !refresh) {
    return { changes: stale, notes: [], error: null };
  }
  if (!REFRESHABLE.includes(found.status)) {
    return {
      changes: [],
      notes: [],
      error: trouble(
        `The engine has an old record of the hooks, and reads no host anew in the state ${found.status}`,
        'It reads the host by itself once that is up again.',
      ),
    };
  }
  await refreshCapabilities(api, found.id);
  const until = performance.now() + patience.seconds * 1000;
  for (;;) {
    const left = staleView(seen, await listHostHooks(api, found.id));
    if (left.length === 0) {
      return { changes: stale, notes: [], error: null };
    }
    if (performance.now() >= until) {
      return {
        changes: [],
        notes: [],
        error: trouble(
          `The engine has read this host anew, and still has an old record of ${left.map(({ id }) => id).join(', ')}`,
          'See /var/log/ovirt-engine/engine.log for what it made of the capabilities.',
        ),
      };
    }
    await sleep(patience.everyMs, undefined, { signal: patience.signal });
  }
}

function only(note: string): Settled {
  return { changes: [], notes: [note], error: null };
}

function trouble(message: string, hint: string) {
  return new HostError('failed', { kind: 'engine-view', step: 'refresh the engine', message, hint }).failure;
}
