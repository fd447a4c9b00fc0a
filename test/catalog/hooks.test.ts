import test from 'ava';
import { z } from 'zod';
import { DEVICE_TYPES } from '../../src/catalog/device-types.ts';
import { isHookEnvironment } from '../../src/catalog/environment.ts';
import { HOOK_POINTS } from '../../src/catalog/events.ts';
import { engineProperties } from '../../src/catalog/hook-properties.ts';
import { findHook, HOOKS, type Hook, makeCatalog } from '../../src/catalog/hooks.ts';
import { isPredefined } from '../../src/catalog/predefined.ts';
import { releaseOf } from '../../src/catalog/releases.ts';
import { regexFault } from '../../src/playbook/regex.ts';

const mode = z.string().regex(/^0[0-7]{3}$/);
const event = z.enum(HOOK_POINTS.map(point => point.name));
const sentence = z.string().regex(/^\S.*\.$/);
const properties = z.record(
  z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .refine(name => !isHookEnvironment(name)),
  z.string().refine(regex => regexFault(regex) === undefined),
);

const hookSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  package: z.string().regex(/^(vdsm-hook-[a-z0-9_-]+|ovirt-provider-ovn-driver)$/),
  status: z.enum(['current', 'removed', 'external']),
  brief: z.string().regex(/^\S.{0,33}[^\s.]$/),
  summary: sentence,
  since: z.strictObject({
    vdsm: z.string().regex(/^4\.\d+\.[\d.]+$/),
    ovirt: z.string().regex(/^\d\.\d(\/\d\.\d)?$/),
  }),
  documentedSince: z
    .string()
    .regex(/^(oVirt|cluster level) \d\.\d$/)
    .optional(),
  removed: z
    .strictObject({
      sinceVdsm: z.string().regex(/^4\.\d+\.\d+$/),
      lastVdsm: z.string().regex(/^4\.\d+\.(\d+|x)$/),
      lastOvirt: z.string().regex(/^\d\.\d(\/\d\.\d)?$/),
      commit: z.string().regex(/^[0-9a-f]{11,12}$/),
    })
    .optional(),
  replacement: z.string().regex(/[^.]$/).optional(),
  files: z
    .array(
      z.union([
        z.strictObject({ event, file: z.string(), mode }),
        z.strictObject({ event, file: z.string(), link: z.string() }),
      ]),
    )
    .min(1),
  otherFiles: z.array(z.strictObject({ path: z.string().startsWith('/'), mode })),
  properties: z.strictObject({
    vm: properties,
    device: z.partialRecord(z.enum(DEVICE_TYPES), properties),
    network: properties,
  }),
  expressionsFrom: z.enum(['README', 'script', 'documentation', 'engine', 'hookfleet']).optional(),
  predefined: z.array(z.string()),
  requires: z.array(z.string()),
  conflicts: z.array(z.string()),
  hostSetup: z.array(sentence),
  withoutProperty: sentence.optional(),
  broken: sentence.optional(),
  brokenSince: z
    .string()
    .regex(/^4\.\d+\.\d+$/)
    .optional(),
  danger: sentence.optional(),
  refusedWhere: z.enum(['everywhere', 'no-guestfs', 'no-vhostmd-conf']).optional(),
  notes: z.array(sentence),
});

test('the catalogue holds 47 hooks: 26 of VDSM, 20 removed, 1 from elsewhere', t => {
  const count = (status: string) => HOOKS.filter(hook => hook.status === status).length;
  t.deepEqual([HOOKS.length, count('current'), count('removed'), count('external')], [47, 26, 20, 1]);
});

for (const hook of HOOKS) {
  test(`the entry of ${hook.name} has the catalogue's form`, t => {
    t.deepEqual(z.array(hookSchema).safeParse([hook]).error?.issues, undefined);
    t.is(hook.removed !== undefined, hook.status === 'removed', 'what is removed says since when');
    t.deepEqual(
      hook.since,
      releaseOf(hook.since?.vdsm ?? ''),
      'the oVirt release is the one of the VDSM tag',
    );
    t.is(
      hook.expressionsFrom !== undefined,
      engineProperties(hook).length > 0,
      'expressions, and only they, have an author',
    );
    t.deepEqual(
      [...hook.notes, ...hook.hostSetup].filter((one, i, all) => all.indexOf(one) !== i),
      [],
      'nothing is said twice',
    );
    for (const name of hook.predefined) {
      t.true(name in hook.properties.vm, `${name} is one of its properties`);
    }
    for (const name of Object.keys(hook.properties.vm)) {
      t.true(!isPredefined(name) || hook.predefined.includes(name), `the engine predefines ${name}`);
    }
  });
}

test('names and packages are unique, and none is the name of another hook', t => {
  const all = HOOKS.flatMap(hook => [hook.name, hook.package]);
  t.is(new Set(all).size, all.length);
});

test('no two hooks want the same property with different expressions', t => {
  const seen = new Map<string, string>();
  for (const { name: hook, properties } of HOOKS) {
    const kinds = { vm: properties.vm, network: properties.network, ...properties.device };
    for (const [kind, rules] of Object.entries(kinds)) {
      for (const [name, regex] of Object.entries(rules)) {
        t.is(seen.get(`${kind} ${name}`) ?? regex, regex, `${hook}: ${name}`);
        seen.set(`${kind} ${name}`, regex);
      }
    }
  }
  t.true(seen.size > 30);
});

test('a hook is found by its name and by its package', t => {
  t.is(findHook('ethtool_options')?.package, 'vdsm-hook-ethtool-options');
  t.is(findHook('vdsm-hook-ethtool-options')?.name, 'ethtool_options');
  t.is(findHook('ovirt-provider-ovn-driver')?.name, 'ovirt_provider_ovn_hook');
  for (const name of ['ethtool-options', 'vdsm-hook-ethtool_options', '', 'constructor', '__proto__']) {
    t.is(findHook(name), undefined, name);
  }
});

test('every name of the list is found', t => {
  t.deepEqual(
    HOOKS.map(hook => findHook(hook.name)),
    [...HOOKS],
  );
});

test('macspoof is gone since VDSM 4.40.1 (oVirt 4.4), and today a vNIC profile does it', t => {
  const macspoof = findHook('macspoof');
  t.like(macspoof, { status: 'removed', removed: { sinceVdsm: '4.40.1', lastOvirt: '4.3' } });
  t.is(
    macspoof?.replacement,
    'a vNIC profile without network filter: hookfleet vnic set PROFILE --no-filter',
  );
});

test('modes and links are those of the packages, odd ones included', t => {
  t.deepEqual(
    findHook('vhostmd')?.files.map(file => file.link ?? file.mode),
    ['0755', '0755', '../before_vm_start/50_vhostmd', '../before_vm_start/50_vhostmd'],
  );
  t.deepEqual(
    findHook('ovirt_provider_ovn_hook')?.files.map(file => file.mode),
    ['0555', '0555', '0555'],
  );
  t.deepEqual(
    findHook('localdisk')?.otherFiles.map(file => file.mode),
    ['0755', '0440', '0644'],
  );
  t.deepEqual(
    findHook('vmfex_dev')?.files.map(file => file.file),
    ['50_vmfex', '50_vmfex', '50_vmfex'],
  );
});

test('the hooks that act on VMs without their property say so', t => {
  const dangerous = HOOKS.filter(hook => hook.danger !== undefined).map(hook => hook.name);
  t.deepEqual(dangerous, ['allocate_net', 'fileinject', 'nestedvt', 'vhostmd', 'noipspoof']);
});

test('of those, three can keep VMs from starting: one wherever it is, two where a host lacks something', t => {
  const refused = HOOKS.flatMap(hook => (hook.refusedWhere ? [[hook.name, hook.refusedWhere]] : []));
  t.deepEqual(refused, [
    ['allocate_net', 'everywhere'],
    ['fileinject', 'no-guestfs'],
    ['vhostmd', 'no-vhostmd-conf'],
  ]);
  t.true(HOOKS.every(hook => hook.refusedWhere === undefined || hook.danger !== undefined));
});

test('a site’s own hooks stand behind the others, and are found by name and package', t => {
  const own = { ...HOOKS[0], name: 'mine', package: 'site-mine', status: 'site' } as Hook;
  const catalog = makeCatalog([own], '/site/catalog');
  t.is(catalog.hooks.at(-1), own);
  t.is(catalog.find('mine'), own);
  t.is(catalog.find('site-mine'), own);
  t.is(catalog.find('diskunmap'), findHook('diskunmap'));
  t.is(findHook('mine'), undefined, 'hookfleet’s own catalogue is as it was');
});

test('the hooks that do not work as shipped say so', t => {
  const broken = HOOKS.filter(hook => hook.broken !== undefined).map(hook => hook.name);
  t.deepEqual(broken, ['checkips', 'fakevmstats', 'macbind', 'spiceoptions']);
});
