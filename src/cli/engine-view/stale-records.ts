import type { RunResult } from '../../core/host-result.ts';
import { ENGINE_VIEW } from '../../resources/vdsm-view/engine-view.ts';

/**
 * What to say after hooks were changed: the engine asks a host that is up for them only when it is told to, or is itself
 * started again. Undefined where it has been.
 */
export function staleRecords({ hosts }: RunResult): string | undefined {
  const results = [...hosts.values()];
  const has = (resource: string, action?: string) =>
    results.filter(({ changes }) =>
      changes.some(change => change.resource === resource && change.action === (action ?? change.action)),
    ).length;
  const changed = has('vdsm-hook');
  return changed === 0 || has('engine-properties', 'restart') > 0 || has(ENGINE_VIEW) > 0
    ? undefined
    : `VDSM runs the hooks as they are now; what an engine shows of ${changed === 1 ? 'the host' : `the ${changed} hosts`} is old until it reads their capabilities again: \`check --deep\` compares it, \`apply --deep\` has it read them`;
}
