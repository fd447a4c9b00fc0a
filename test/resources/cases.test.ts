import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { Change, Subject } from '../../src/core/change.ts';
import { HostError } from '../../src/core/failure.ts';
import { hostDeployTasksResource } from '../../src/resources/engine/host-deploy-tasks.ts';
import { hookFolderResource } from '../../src/resources/files/hook-folder.ts';
import { libvirtHookResource } from '../../src/resources/libvirt-hook/libvirt-hook.ts';
import { packageResource } from '../../src/resources/package/package.ts';
import { repositoryResource } from '../../src/resources/package/repository.ts';
import { protectedDomainsResource } from '../../src/resources/protected-domains/protected-domains.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { serviceResource } from '../../src/resources/service.ts';
import { vdsmHookResource } from '../../src/resources/vdsm-hook/vdsm-hook.ts';
import { vdsmViewResource } from '../../src/resources/vdsm-view/vdsm-view.ts';

/** A case as it stands in test/cases/<kind>/*.json: what is wanted and what the host printed -> what is due. */
interface Case {
  readonly title: string;
  readonly wanted: unknown;
  /** The probe's reply, stdout and stderr as lines. */
  readonly found: {
    readonly stdout: readonly string[];
    readonly stderr?: readonly string[];
    readonly exitCode?: number;
  };
  /** Instead of the rest: the reply cannot be read, and this is the message. */
  readonly throws?: string;
  /** `action id: before -> after`. */
  readonly changes?: readonly string[];
  /** `action id: message`. */
  readonly blocked?: readonly string[];
  /** `action id: before -> after`. */
  readonly unmanaged?: readonly string[];
  readonly notes?: readonly string[];
  /** The shell text of each step; of a dnf transaction its title. */
  readonly steps?: readonly (readonly string[])[];
}

const RESOURCES: readonly Resource<never, never>[] = [
  hookFolderResource,
  hostDeployTasksResource,
  libvirtHookResource,
  packageResource,
  protectedDomainsResource,
  repositoryResource,
  serviceResource,
  vdsmHookResource,
  vdsmViewResource,
] as never;

for (const resource of RESOURCES) {
  const folder = new URL(`../cases/${resource.kind}/`, import.meta.url);
  for (const file of readdirSync(folder).sort()) {
    const cases: readonly Case[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    for (const one of cases) {
      test(`${resource.kind}: ${one.title}`, t => {
        const { stdout, stderr = [], exitCode = 0 } = one.found;
        const reply = {
          stdout: stdout.map(line => `${line}\n`).join(''),
          stderr: stderr.join('\n'),
          exitCode,
        };
        const wanted = one.wanted as never;
        if (one.throws !== undefined) {
          const error = t.throws(() => resource.read(reply, wanted), { instanceOf: HostError });
          t.is(error?.message, one.throws);
          t.truthy(error?.failure.hint);
          return;
        }
        const found = resource.read(reply, wanted);
        const { changes, blocked, unmanaged = [], notes } = resource.diff(wanted, found);
        t.deepEqual(changes.map(asText), one.changes ?? []);
        t.deepEqual(
          blocked.map(({ change, message }) => `${change.action} ${change.id}: ${message}`),
          one.blocked ?? [],
        );
        t.deepEqual(unmanaged.map(asText), one.unmanaged ?? []);
        t.deepEqual(notes, one.notes ?? []);
        const subjects = resource.subjects?.(wanted) ?? [];
        const all = [...changes, ...unmanaged, ...blocked.map(({ change }) => change)];
        t.deepEqual(
          all.filter(change => !subjects.some(subject => isAbout(change, subject))),
          [],
          'what differs is something that was looked at',
        );
        t.true(blocked.every(({ hint }) => hint.length > 0));
        const steps = resource.apply(changes, wanted, found);
        t.deepEqual(
          steps
            .flatMap(step => step.changes)
            .map(asText)
            .sort(),
          changes.map(asText).sort(),
          'every change is made by exactly one step',
        );
        if (one.steps) {
          t.deepEqual(
            steps.map(step => ('made' in step ? [step.title] : step.script.text.split('\n'))),
            one.steps.map(step => [...step]),
          );
        }
      });
    }
  }
}

test('every folder of cases is read', t => {
  const elsewhere = ['engine-properties'];
  const kinds = [...RESOURCES.map(({ kind }) => kind), ...elsewhere];
  const unread = readdirSync(new URL('../cases/', import.meta.url)).filter(kind => !kinds.includes(kind));
  t.deepEqual(unread, [], 'RESOURCES of this test lacks them');
});

test('there are cases for every resource', t => {
  for (const resource of RESOURCES) {
    t.true(readdirSync(fileURLToPath(new URL(`../cases/${resource.kind}/`, import.meta.url))).length > 0);
  }
});

function isAbout(change: Change, { resource, id }: Subject): boolean {
  return change.resource === resource && (id === '' || change.id === id || change.id.split(' ')[0] === id);
}

function asText({ action, id, before, after }: Change): string {
  return `${action} ${id}: ${before ?? '(none)'} -> ${after ?? '(none)'}`;
}
