import test from 'ava';
import fc from 'fast-check';
import { textAfter } from '../../../src/authoring/tree/change.ts';
import type { VdsmTree } from '../../../src/authoring/tree/read-tree.ts';
import { hookSections } from '../../../src/authoring/tree/spec-sections.ts';
import { planHook } from '../../../src/authoring/tree/tree-hook.ts';
import { InputError } from '../../../src/core/input-error.ts';
import { around, changed, hookAt, SHAPES, smallTree } from './small-trees.ts';

const ADDITIONAL = { required: false, year: 2026 };
const REQUIRED = { required: true, year: 2026 };

async function planned(shape: (typeof SHAPES)[number], options = ADDITIONAL, name = 'paint_all') {
  const tree = await smallTree(shape);
  const changes = planHook(tree, hookAt(name, ['before_vm_start', 'after_vm_start']), options);
  return { tree, changes, after: changed(tree, changes).files };
}

test('a hook of today: its folder, the sorted lists, its package among the others, its files with the additional ones', async t => {
  const { changes, after } = await planned('today');
  t.deepEqual(
    changes.map(({ kind, path }) => `${kind} ${path}`),
    [
      'edit vdsm_hooks/Makefile.am',
      'edit configure.ac',
      'edit vdsm.spec.in',
      'new vdsm_hooks/paint_all/Makefile.am',
      'new vdsm_hooks/paint_all/README',
      'new vdsm_hooks/paint_all/before_vm_start.py',
      'new vdsm_hooks/paint_all/after_vm_start.py',
    ],
  );
  t.deepEqual(around(after.get('vdsm_hooks/Makefile.am'), '\tpaint_all \\', 2, 1), [
    'SUBDIRS += \\',
    '\tcolours \\',
    '\tpaint_all \\',
    '\tzebra \\',
  ]);
  t.deepEqual(around(after.get('configure.ac'), '\tvdsm_hooks/paint_all/Makefile', 1, 1), [
    '\tvdsm_hooks/mirrors/Makefile',
    '\tvdsm_hooks/paint_all/Makefile',
    '\tvdsm_hooks/qemucmdline/Makefile',
  ]);
  const spec = after.get('vdsm.spec.in');
  t.deepEqual(around(spec, '%package hook-paint-all', 3, 10), [
    '%description hook-mirrors',
    'Mirrors.',
    '',
    '%package hook-paint-all',
    'Summary:        Paints guests',
    'BuildArch:      noarch',
    'Requires:       %{name}',
    '',
    '%description hook-paint-all',
    'This hook of VDSM runs at before_vm_start,',
    'after_vm_start.',
    '',
    '%package hook-zebra',
    'Summary:        Stripes',
  ]);
  t.deepEqual(around(spec, '%files hook-paint-all', 4, 5), [
    '%if %{with_hooks}',
    '%files hook-colours',
    '%{_libexecdir}/%{vdsm_name}/hooks/before_vm_start/50_colours',
    '',
    '%files hook-paint-all',
    '%{_libexecdir}/%{vdsm_name}/hooks/before_vm_start/50_paint_all',
    '%{_libexecdir}/%{vdsm_name}/hooks/after_vm_start/50_paint_all',
    '',
    '%files hook-zebra',
    '%{_libexecdir}/%{vdsm_name}/hooks/before_vm_start/50_zebra',
  ]);
});

test('a hook of 2014: %defattr as the neighbours have it, the packages of Debian, the Python of that tree', async t => {
  const { changes, after } = await planned('y2014');
  t.deepEqual(
    changes.map(({ path }) => path).filter(path => path.startsWith('debian/')),
    [
      'debian/control',
      'debian/Makefile.am',
      'debian/vdsm-hook-paint-all.docs',
      'debian/vdsm-hook-paint-all.install',
    ],
  );
  t.deepEqual(around(after.get('vdsm.spec.in'), '%files hook-paint-all', 1, 5), [
    '',
    '%files hook-paint-all',
    '%defattr(-, root, root, -)',
    '%{_libexecdir}/%{vdsm_name}/hooks/before_vm_start/50_paint_all',
    '%{_libexecdir}/%{vdsm_name}/hooks/after_vm_start/50_paint_all',
    '',
    '%files hook-sriov',
  ]);
  t.deepEqual(around(after.get('debian/Makefile.am'), '    vdsm-hook-paint-all.docs \\', 1, 2), [
    '    vdsm-hook-colours.install \\',
    '    vdsm-hook-paint-all.docs \\',
    '    vdsm-hook-paint-all.install \\',
    '    vdsm-hook-zebra.docs \\',
  ]);
  t.deepEqual(around(after.get('debian/control'), 'Package: vdsm-hook-paint-all', 2, 1).slice(0, 3), [
    ' Colours.',
    '',
    'Package: vdsm-hook-paint-all',
  ]);
  const script = after.get('vdsm_hooks/paint_all/before_vm_start.py') ?? '';
  t.true(script.startsWith('#!/usr/bin/python\n\n#\n# Copyright 2026 Nobody\n'));
  t.true(script.split('\n').every(line => line.length <= 79));
});

test('a required hook goes to the lists that are always built: one line in 2014, several today', async t => {
  const today = (await planned('today', REQUIRED, 'zinc')).after;
  t.deepEqual(around(today.get('vdsm_hooks/Makefile.am'), '\tzinc', 2, 1), [
    '\tmirrors \\',
    '\tqemucmdline \\',
    '\tzinc',
    '',
  ]);
  t.deepEqual(around(today.get('vdsm.spec.in'), '%files hook-zinc', 4, 4), [
    '%if 0%{?rhel} >= 9',
    '%{_presetdir}/85-qemucmdline.preset',
    '%endif',
    '',
    '%files hook-zinc',
    '%{_libexecdir}/%{vdsm_name}/hooks/before_vm_start/50_zinc',
    '%{_libexecdir}/%{vdsm_name}/hooks/after_vm_start/50_zinc',
    '',
    '%files hook-mirrors',
  ]);
  const old = (await planned('y2014', REQUIRED)).after;
  t.regex(old.get('vdsm_hooks/Makefile.am') ?? '', /^SUBDIRS = mirrors paint_all qemucmdline$/m);
});

for (const shape of SHAPES) {
  test(`${shape}: a second time there is nothing to do, and one lost line is put back alone`, async t => {
    const { tree, after } = await planned(shape);
    const hook = hookAt('paint_all', ['before_vm_start', 'after_vm_start']);
    t.deepEqual(planHook({ ...tree, files: after }, hook, ADDITIONAL), []);
    const files = new Map(after);
    files.set('configure.ac', tree.files.get('configure.ac') ?? '');
    t.deepEqual(
      planHook({ ...tree, files }, hook, ADDITIONAL).map(({ path }) => path),
      ['configure.ac'],
    );
  });

  test(`${shape}: whatever its name, a hook stands in the right place once, and no other line of the spec changes`, async t => {
    const tree = await smallTree(shape);
    const names = fc
      .stringMatching(/^[a-z][a-z0-9_]{0,15}$/)
      .filter(name => !/^(?:colours|guests|mirrors|qemucmdline|sriov|zebra)$/.test(name));
    const right = fc.property(names, fc.boolean(), (name, required) => {
      const hook = hookAt(name, ['before_vm_start']);
      const changes = planHook(tree, hook, { required, year: 2026 });
      const dashed = name.replaceAll('_', '-');
      const edit = changes.find(({ path }) => path === 'vdsm.spec.in');
      const lines = (edit ? textAfter(edit) : '').split('\n');
      const [pack] = hookSections(lines, 'package').filter(one => one.name === dashed);
      const [files] = hookSections(lines, 'files').filter(one => one.name === dashed);
      const condition = lines[files?.inside ?? -1] ?? '';
      const before = (tree.files.get('vdsm.spec.in') ?? '').split('\n');
      return (
        pack?.inside === -1 &&
        (required ? files?.inside === -1 : condition.includes('with_hooks')) &&
        isSubsequence(before, lines) &&
        lines.length - before.length === (shape === 'today' ? 11 : 12) &&
        planHook(changed(tree, changes), hook, { required, year: 2026 }).length === 0
      );
    });
    t.notThrows(() => fc.assert(right));
  });
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const line of whole) {
    at += line === part[at] ? 1 : 0;
  }
  return at === part.length;
}

const LACKING: readonly (readonly [string, string | RegExp, string, RegExp])[] = [
  ['configure.ac', /\tvdsm_hooks\/.*\/Makefile\n/g, '', /configure\.ac: has no list of vdsm_hooks/],
  ['vdsm_hooks/Makefile.am', 'if HOOKS', 'if OTHERS', /has no list SUBDIRS inside `if HOOKS`/],
  ['vdsm.spec.in', /with_hooks/g, 'with_others', /has no %files hook-… inside/],
  ['vdsm.spec.in', /hook-/g, 'part-', /has no %package hook-/],
];

for (const [path, marker, instead, reason] of LACKING) {
  test(`a tree without "${marker}" in ${path} is refused with that reason`, async t => {
    for (const shape of SHAPES) {
      const tree = await smallTree(shape);
      const text = tree.files.get(path) ?? '';
      const other = text.replace(marker, instead);
      t.not(other, text);
      const error = t.throws(
        () => planHook(withFile(tree, path, other), hookAt('paint', ['before_vm_start']), ADDITIONAL),
        {
          instanceOf: InputError,
        },
      );
      t.regex(error?.message ?? '', reason);
    }
  });
}

test('a folder of that name that does not install these scripts, and a hook on the other list, are refused', async t => {
  const { tree, after } = await planned('today');
  const there: VdsmTree = { ...tree, files: after };
  t.throws(() => planHook(there, hookAt('paint_all', ['before_nic_hotplug']), ADDITIONAL), {
    instanceOf: InputError,
    message: /is there already, and does not install before_nic_hotplug\/50_paint_all/,
  });
  t.throws(() => planHook(there, hookAt('paint_all', ['before_vm_start']), REQUIRED), {
    instanceOf: InputError,
    message: /among the additional hooks: --required does not move it/,
  });
  t.throws(
    () =>
      planHook(
        withFile(tree, 'vdsm_hooks/paint/notes', ''),
        hookAt('paint', ['before_vm_start']),
        ADDITIONAL,
      ),
    { instanceOf: InputError, message: /its folder is: this hook was not made here/ },
  );
});

function withFile(tree: VdsmTree, path: string, text: string): VdsmTree {
  return { ...tree, files: new Map([...tree.files, [path, text]]) };
}
