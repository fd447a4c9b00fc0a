import type { Change } from '../../src/core/change.ts';
import type { Section } from '../../src/core/section.ts';
import type { Sh } from '../../src/core/sh.ts';
import { type BoundResource, bind, type ResourcePlan } from '../../src/resources/bound.ts';
import { dnfTrouble } from '../../src/resources/package/dnf-troubles.ts';
import type { Explanation, Resource } from '../../src/resources/resource.ts';
import type { LabHost } from './host.ts';

/** What came of bringing a host to a state. */
export interface Brought {
  readonly planned: ResourcePlan;
  readonly made: readonly Change[];
  /** Of the step that failed: its reply, what it means, and the trouble of the table that it is. */
  readonly failed: (Section & Partial<Explanation> & { readonly trouble: string | undefined }) | null;
  /** What a second look still finds to do. */
  readonly left: ResourcePlan;
}

/** Probes a host for a resource, makes the changes and probes again, without a run, a playbook or a connection. */
export async function bring<Wanted, Found>(
  host: LabHost,
  resource: Resource<Wanted, Found>,
  wanted: Wanted,
): Promise<Brought> {
  const bound = bind(resource, wanted);
  const planned = await look(host, bound);
  const made: Change[] = [];
  let failed: Brought['failed'] = null;
  for (const step of planned.changes.length > 0 ? planned.steps() : []) {
    const reply = await runScript(host, step.script, 'set -e');
    if (reply.exitCode !== 0) {
      failed = { ...reply, ...step.explain?.(reply), trouble: dnfTrouble(reply)?.trouble.id };
      break;
    }
    made.push(...(step.made?.(reply) ?? step.changes));
  }
  return { planned, made, failed, left: await look(host, bound) };
}

/** What a probe finds to do, and nothing more. */
export async function look(host: LabHost, bound: BoundResource): Promise<ResourcePlan> {
  return bound.plan(await runScript(host, bound.probe, ''));
}

/** The changes as short text: `install jq: (none) -> jq-0:1.6-17.el9.x86_64`. */
export function asText(changes: readonly Change[]): string[] {
  return changes.map(
    ({ action, id, before, after }) => `${action} ${id}: ${before ?? '(none)'} -> ${after ?? '(none)'}`,
  );
}

// Handed over as an argument, so that nothing is written to a disk that may be full; it holds 128 KiB.
async function runScript(host: LabHost, script: Sh, first: string): Promise<Section> {
  const prelude = 'ROOT= LC_ALL=C; export ROOT LC_ALL; umask 022; cd /';
  return host.exec(['sh', '-c', `${prelude}\n(\n${first}\n${script.text}\n)`], { reject: false });
}
