import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import type { Change } from '../../../src/core/change.ts';
import type { EnginePropertiesFound } from '../../../src/resources/engine/engine-found.ts';
import { digest } from '../../../src/resources/engine/engine-marker.ts';
import {
  type EnginePropertiesWanted,
  enginePropertiesResource,
} from '../../../src/resources/engine/engine-properties.ts';

/** What is wanted and what is on an engine -> what is due. What a case leaves out is that of a healthy, running engine. */
interface Case {
  readonly title: string;
  readonly wanted: Partial<EnginePropertiesWanted>;
  readonly found: Partial<Omit<EnginePropertiesFound, 'marker'>> & {
    /** A marker with the values that its digests were made from. */
    readonly marker?: { readonly start: string; readonly values: Readonly<Record<string, string>> };
  };
  /** `action id: before -> after`. */
  readonly changes?: readonly string[];
  /** `action id: message`. */
  readonly blocked?: readonly string[];
  readonly notes?: readonly string[];
  /** The titles of all steps. */
  readonly steps?: readonly string[];
}

const WANTED: EnginePropertiesWanted = {
  levels: 'all',
  vm: [],
  device: [],
  network: [],
  healthUrl: 'http://localhost/ovirt-engine/services/health',
  healthTimeoutSeconds: 300,
  startsEngine: false,
  run: { id: 'r1', holder: 'ann@admin' },
};

const SECURITY_GROUPS = '{type=interface;prop={SecurityGroups=^[0-9a-f-]*$}}';

const FOUND: EnginePropertiesFound = {
  values: {
    UserDefinedVMProperties: { '4.7': '', '4.8': '' },
    CustomDeviceProperties: { '4.7': SECURITY_GROUPS, '4.8': SECURITY_GROUPS },
  },
  charmap: 'UTF-8',
  unit: { state: 'active', start: 'second' },
  lock: null,
  hosted: null,
  marker: null,
  health: null,
};

const folder = new URL('../../cases/engine-properties/', import.meta.url);

for (const file of readdirSync(folder).sort()) {
  for (const one of JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Case[]) {
    test(`engine-properties: ${one.title}`, t => {
      const wanted = { ...WANTED, ...one.wanted };
      const found = foundOf(one);
      const { changes, blocked, notes } = enginePropertiesResource.diff(wanted, found);
      t.deepEqual(changes.map(asText), one.changes ?? []);
      t.deepEqual(
        blocked.map(({ change, message }) => `${change.action} ${change.id}: ${message}`),
        one.blocked ?? [],
      );
      t.true(blocked.every(({ hint }) => hint.length > 0));
      t.deepEqual(notes, one.notes ?? []);
      const steps = enginePropertiesResource.apply(changes, wanted, found);
      t.deepEqual(
        steps.flatMap(step => step.changes),
        changes,
        'every change is made by exactly one step, in order',
      );
      if (one.steps) {
        t.deepEqual(
          steps.map(({ title }) => title),
          one.steps,
        );
      }
    });
  }
}

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `p${i}`, regex: 'x', origin: 'playbook' }));

test('450 definitions in one value are set, one more is not', t => {
  const diff = (count: number) =>
    enginePropertiesResource.diff({ ...WANTED, levels: ['4.7'], vm: many(count) }, FOUND);
  t.deepEqual(diff(450).blocked, []);
  t.is(diff(450).changes[0]?.id, 'UserDefinedVMProperties 4.7');
  t.deepEqual(diff(451).changes, []);
  t.is(diff(451).blocked[0]?.message, '451 definitions in one value are more than engine-config survives');
});

test('what was set is found converged', t => {
  const wanted = {
    ...WANTED,
    vm: [{ name: 'audit_tag', regex: '^[a-z]+$', origin: 'playbook' }],
    device: [
      { type: 'interface', properties: [{ name: 'port', regex: '[0-9]{1,3}', origin: 'playbook' }] },
      { type: 'disk', properties: [{ name: 'quick', regex: '^x$', origin: 'audit' }] },
    ],
  };
  const values: Record<string, Record<string, string>> = structuredClone(FOUND.values) as never;
  for (const { id, action, after } of enginePropertiesResource.diff(wanted, FOUND).changes) {
    const [key = '', level = ''] = id.split(' ');
    if (action === 'set') {
      values[key] = { ...values[key], [level]: after ?? '' };
    }
  }
  t.deepEqual(values, {
    UserDefinedVMProperties: { '4.7': 'audit_tag=^[a-z]+$', '4.8': 'audit_tag=^[a-z]+$' },
    CustomDeviceProperties: Object.fromEntries(
      ['4.7', '4.8'].map(level => [
        level,
        '{type=disk;prop={quick=^x$}};{type=interface;prop={SecurityGroups=^[0-9a-f-]*$;port=[0-9]{1,3}}}',
      ]),
    ),
  });
  t.deepEqual(enginePropertiesResource.diff(wanted, { ...FOUND, values }), {
    changes: [],
    blocked: [],
    notes: [],
  });
});

function foundOf({ found }: Case): EnginePropertiesFound {
  const { marker, ...rest } = found;
  return {
    ...FOUND,
    ...rest,
    values: { ...FOUND.values, ...rest.values },
    marker: marker
      ? {
          start: marker.start,
          digests: Object.fromEntries(
            Object.entries(marker.values).map(([row, value]) => [row, digest(value)]),
          ),
        }
      : null,
  };
}

function asText({ action, id, before, after }: Change): string {
  return `${action} ${id}: ${before ?? '(none)'} -> ${after ?? '(none)'}`;
}
