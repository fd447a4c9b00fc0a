import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { hookFolder } from '../../../src/authoring/new/hook-folder.ts';
import { type NewHook, propertyKind, propertyKinds } from '../../../src/authoring/new/new-hook.ts';
import { HOOK_POINTS, type HookPoint } from '../../../src/catalog/events.ts';
import { readHookSource } from '../../../src/playbook/hook-source.ts';

/** A hook with a property where one of its events gets one. */
function hookFor(points: readonly HookPoint[], language: NewHook['language']): NewHook {
  const kinds = propertyKinds(points);
  const property =
    kinds.length === 0 ? undefined : { name: 'audit_tag', regex: '^[a-z]+$', kinds, value: 'abc' };
  return { name: 'site_audit', points, language, summary: 'Audits', property };
}

async function made(t: ExecutionContext, hook: NewHook): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-new-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const { path, text, mode } of hookFolder(hook)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    await chmod(join(folder, path), mode);
  }
  return folder;
}

const TESTS = {
  python: ['python3', '-m', 'unittest', 'discover', 'tests'],
  sh: ['sh', 'tests/test_site_audit.sh'],
} as const;

for (const language of ['python', 'sh'] as const) {
  test(`${language}: the scripts of all events pass the tests that are made with them`, async t => {
    const folder = await made(t, hookFor(HOOK_POINTS, language));
    const [program, ...words] = TESTS[language];
    const { exitCode, stdout, stderr } = await execa(program, words, { cwd: folder, reject: false });
    t.is(exitCode, 0, stdout + stderr);
    const cases =
      language === 'python' ? Number(/Ran (\d+) tests/.exec(stderr)?.[1]) : stdout.match(/^ok: /gm)?.length;
    t.true((cases ?? 0) > HOOK_POINTS.length);
  });

  test(`${language}: the tests see a script that does nothing of what it should`, async t => {
    const folder = await made(
      t,
      hookFor(
        HOOK_POINTS.filter(({ name }) => name === 'before_vm_start'),
        language,
      ),
    );
    await writeFile(join(folder, 'before_vm_start/50_site_audit'), '#!/bin/sh\nexit 0\n');
    const [program, ...words] = TESTS[language];
    const { exitCode } = await execa(program, words, { cwd: folder, reject: false });
    t.not(exitCode, 0);
  });

  test(`${language}: the folder is a source as it stands, with the scripts alone in it`, async t => {
    const folder = await made(t, hookFor(HOOK_POINTS, language));
    const files = await readHookSource(folder, { file: 'site.yml' });
    t.deepEqual(
      files.map(({ event, name, mode }) => `${event}/${name} ${mode.toString(8)}`),
      HOOK_POINTS.map(({ name }) => `${name}/50_site_audit 755`).sort(),
    );
  });
}

test('a script writes its input back only where VDSM reads it', t => {
  for (const point of HOOK_POINTS) {
    const [script] = hookFolder(hookFor([point], 'python'));
    t.is(/hooking\.write_(?:domxml|json)/.test(script?.text ?? ''), point.output, point.name);
  }
});

test('scripts for events without custom properties ask for none', t => {
  for (const point of HOOK_POINTS.filter(one => propertyKind(one) === undefined)) {
    for (const language of ['python', 'sh'] as const) {
      const text = hookFolder(hookFor([point], language)).map(file => file.text);
      t.false(text.join('').includes('audit_tag'), point.name);
    }
  }
});

test('the README has the property, a snippet for each side, and what to heed of each event', t => {
  const points = HOOK_POINTS.filter(
    ({ name }) => name === 'before_device_create' || name === 'before_vdsm_start',
  );
  const hook = hookFor(points, 'python');
  const readme = hookFolder(hook).find(({ path }) => path === 'README.md')?.text ?? '';
  for (const words of [
    '| `audit_tag` | vNIC (its vNIC profile) | `^[a-z]+$` | `abc` |',
    '      source: hooks/site_audit\n',
    "    device: { interface: { audit_tag: '^[a-z]+$' } }\n",
    'Runs as root.',
    'the scripts run for every vNIC of every VM, with or without a property',
    'A failure makes the operation fail.',
  ]) {
    t.true(readme.includes(words), words);
  }
});

test('a hook with events of networks and of VMs has its property defined for both, in whatever order', t => {
  const names = ['before_network_setup', 'before_device_create', 'before_vm_start'];
  const points = names.flatMap(name => HOOK_POINTS.filter(point => point.name === name));
  for (const order of [points, points.toReversed()]) {
    const readme = hookFolder(hookFor(order, 'sh')).find(({ path }) => path === 'README.md')?.text ?? '';
    t.regex(readme, /\n {4}vm: \{ audit_tag: '\^\[a-z\]\+\$' \}\n {4}network: \{ audit_tag: .* \}\n/);
    t.regex(readme, /\| VM \|.*\n.*\| host network \|/);
    t.false(readme.includes('device: {'));
  }
});

test('every event that hands something over comes with a sample of it, once', t => {
  const paths = hookFolder(hookFor(HOOK_POINTS, 'sh')).map(({ path }) => path);
  t.is(new Set(paths).size, paths.length);
  t.deepEqual(
    paths.filter(path => path.startsWith('samples/')).sort(),
    [
      'capabilities.json',
      'devices.json',
      'disk.xml',
      'domain.xml',
      'drive.json',
      'empty.json',
      'host-stats.json',
      'interface.xml',
      'memory.xml',
      'networks.json',
      'vm-stats.json',
    ].map(name => `samples/${name}`),
  );
});
