import type { Change } from '../core/change.ts';
import { HostError } from '../core/failure.ts';
import { sh } from '../core/sh.ts';
import type { Blocked, Resource } from './resource.ts';

export interface ServiceWanted {
  /** A unit as systemctl takes it: `vdsmd`, `ovirt-engine.service`. */
  readonly name: string;
  readonly state?: 'started' | 'stopped';
  readonly enabled?: boolean;
}

/** What systemd says of a unit, by the names of its own properties. */
export interface ServiceFound {
  readonly loadState: string;
  readonly activeState: string;
  readonly unitFileState: string;
}

/** systemd units, running or not, and started at boot or not. */
export const serviceResource: Resource<readonly ServiceWanted[], ReadonlyMap<string, ServiceFound>> = {
  kind: 'service',

  probe: wanted =>
    sh`systemctl show -p LoadState -p ActiveState -p UnitFileState -- ${wanted.map(({ name }) => name)}`,

  read(reply, wanted) {
    // One block of lines a unit, in the order asked, an empty line between (systemctl(1), "show").
    const blocks = reply.stdout.trimEnd().split('\n\n');
    if (reply.exitCode !== 0 || blocks.length !== wanted.length) {
      throw new HostError('failed', {
        kind: 'probe',
        step: 'probe',
        message: 'systemd of this host does not answer',
        command: 'systemctl show',
        exitCode: reply.exitCode,
        stderr: reply.stderr,
        hint: 'Is systemd running there as the first process? `systemctl status` on the host tells.',
      });
    }
    return new Map(wanted.map(({ name }, i) => [name, unit(blocks[i] ?? '')]));
  },

  diff(wanted, found) {
    const all = wanted.map(one => differences(one, found.get(one.name) ?? unit('')));
    return { changes: all.flatMap(one => one.changes), blocked: all.flatMap(one => one.blocked), notes: [] };
  },

  apply: changes =>
    changes.map(change => ({
      title: `${change.action} ${change.id}`,
      // Nothing that a unit leaves running may hold the channel open.
      script: sh`systemctl ${change.action} -- ${change.id} >/dev/null`,
      timeoutSeconds: 300,
      changes: [change],
      explain: () => ({
        message: `${change.id} could not be brought to ${change.action}`,
        hint: `\`systemctl status ${change.id}\` and \`journalctl -u ${change.id}\` on the host tell why.`,
      }),
    })),

  subjects: wanted => wanted.map(({ name }) => ({ resource: 'service', id: name })),
};

function unit(block: string): ServiceFound {
  const values = new Map(
    block.split('\n').map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return {
    loadState: values.get('LoadState') ?? '',
    activeState: values.get('ActiveState') ?? '',
    unitFileState: values.get('UnitFileState') ?? '',
  };
}

// Units without an [Install] section of their own (systemctl(1), "is-enabled"): there is nothing to switch.
const CANNOT_BE_ENABLED = new Set(['static', 'alias', 'indirect', 'generated', 'transient']);

function differences(
  { name, state, enabled }: ServiceWanted,
  found: ServiceFound,
): { changes: Change[]; blocked: Blocked[] } {
  const change = (action: string, before: string, after: string): Change => ({
    resource: 'service',
    id: name,
    action,
    before,
    after,
  });
  const changes: Change[] = [];
  const isEnabled = found.unitFileState.startsWith('enabled');
  if (enabled !== undefined && enabled !== isEnabled && !CANNOT_BE_ENABLED.has(found.unitFileState)) {
    changes.push(
      change(enabled ? 'enable' : 'disable', found.unitFileState, enabled ? 'enabled' : 'disabled'),
    );
  }
  const running = ['active', 'reloading'].includes(found.activeState);
  const stopped = ['inactive', 'failed'].includes(found.activeState);
  if (state === 'started' && !running) {
    changes.push(change('start', found.activeState, 'active'));
  }
  if (state === 'stopped' && !stopped) {
    changes.push(change('stop', found.activeState, 'inactive'));
  }
  const absent = found.loadState === 'not-found' || found.loadState === 'masked';
  if (!absent || changes.length === 0) {
    return { changes, blocked: [] };
  }
  const blocked = changes.map(one => ({
    change: one,
    message: `There is no unit ${name} to ${one.action}: ${found.loadState}`,
    hint: `Look at the spelling, at \`systemctl status ${name}\`, and whether its package is installed.`,
  }));
  return { changes: [], blocked };
}
