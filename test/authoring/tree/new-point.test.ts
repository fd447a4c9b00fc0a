import test from 'ava';
import { exampleCall } from '../../../src/authoring/tree/hook-functions.ts';
import { newPoint, planPoint, pointNameProblem } from '../../../src/authoring/tree/new-point.ts';
import { treePoint } from '../../../src/authoring/tree/tree-point.ts';
import { InputError } from '../../../src/core/input-error.ts';
import { around, changed, SHAPES, smallTree } from './small-trees.ts';

const TODAY = 'lib/vdsm/common/hooks.py';

const FUNCTIONS: readonly (readonly ['today' | 'y2014', string, readonly string[]])[] = [
  [
    'today',
    'before_vm_freeze',
    [
      'def before_vm_freeze(domxml, vmconf={}):',
      "    return _runHooksDir(domxml, 'before_vm_freeze', vmconf=vmconf)",
    ],
  ],
  [
    'today',
    'after_vm_freeze',
    [
      'def after_vm_freeze(domxml, vmconf={}):',
      '    return _runHooksDir(',
      "        domxml, 'after_vm_freeze', vmconf=vmconf, raiseError=False",
      '    )',
    ],
  ],
  [
    'today',
    'after_disk_grow',
    [
      'def after_disk_grow(devxml, vmconf={}, params={}):',
      '    return _runHooksDir(',
      '        devxml,',
      "        'after_disk_grow',",
      '        vmconf=vmconf,',
      '        params=params,',
      '        raiseError=False,',
      '    )',
    ],
  ],
  [
    'today',
    'before_device_of_really_quite_some_length_create',
    ['def before_device_of_really_quite_some_length_create(', '    devxml, vmconf={}, params={}', '):'],
  ],
  [
    'y2014',
    'after_get_foo',
    [
      'def after_get_foo(data):',
      "    return _runHooksDir(data, 'after_get_foo', raiseError=False,",
      '                        hookType=_JSON_HOOK)',
    ],
  ],
  ['y2014', 'before_zap', ['def before_zap():', "    return _runHooksDir(None, 'before_zap')"]],
];

for (const [shape, event, lines] of FUNCTIONS) {
  test(`${shape}: the function of ${event} stands behind the last one, laid out as they are`, async t => {
    const tree = await smallTree(shape);
    const path = shape === 'today' ? TODAY : 'vdsm/hooks.py';
    const text = changed(tree, planPoint(tree, newPoint(event))).files.get(path) ?? '';
    t.true(text.includes(`\n\n\n${lines.join('\n')}\n`), text);
    const next = shape === 'today' ? 'def _getHookInfo(dir):' : 'def _getScriptInfo(path):';
    t.deepEqual(around(text, next, 2, 0), ['', '', next]);
    t.true(text.indexOf(`def ${event}`) < text.indexOf(next));
    t.true(text.split('\n').every(line => line.length <= 79));
  });
}

test('today a point needs its function, its folder and the manual page; in 2014 also the lists of both packages', async t => {
  const paths = async (shape: (typeof SHAPES)[number]) =>
    planPoint(await smallTree(shape), newPoint('before_disk_grow')).map(({ path }) => path);
  t.deepEqual(await paths('today'), [
    TODAY,
    'vdsm_hooks/Makefile.am',
    'static/usr/share/man/man8/vdsmd.8.in',
  ]);
  t.deepEqual(await paths('y2014'), [
    'vdsm/hooks.py',
    'vdsm_hooks/Makefile.am',
    'vdsm/vdsmd.8.in',
    'vdsm.spec.in',
    'debian/vdsm.dirs',
  ]);
});

test('the lists of a tree get a point at their end, sorted ones where it belongs', async t => {
  const tree = await smallTree('y2014');
  const { files } = changed(tree, planPoint(tree, newPoint('before_disk_grow')));
  t.deepEqual(around(files.get('vdsm_hooks/Makefile.am'), '\tbefore_disk_grow \\', 1, 1), [
    '\tbefore_nic_hotplug \\',
    '\tbefore_disk_grow \\',
    '\t$(NULL)',
  ]);
  t.deepEqual(around(files.get('debian/vdsm.dirs'), 'usr/libexec/vdsm/hooks/before_disk_grow', 1, 1), [
    'usr/libexec/vdsm/hooks/after_vm_start',
    'usr/libexec/vdsm/hooks/before_disk_grow',
    'usr/libexec/vdsm/hooks/before_nic_hotplug',
  ]);
  const dir = '%dir %{_libexecdir}/%{vdsm_name}/hooks/before_disk_grow';
  t.deepEqual(around(files.get('vdsm.spec.in'), dir, 1, 1), [
    '%dir %{_libexecdir}/%{vdsm_name}/hooks/before_nic_hotplug',
    dir,
    '%{_datadir}/%{vdsm_name}/addNetwork',
  ]);
});

test('the manual page names a point among all, and among those of devices or of another environment', async t => {
  const page = async (shape: (typeof SHAPES)[number], event: string) => {
    const tree = await smallTree(shape);
    const path = shape === 'today' ? 'static/usr/share/man/man8/vdsmd.8.in' : 'vdsm/vdsmd.8.in';
    return changed(tree, planPoint(tree, newPoint(event))).files.get(path) ?? '';
  };
  const device = await page('today', 'after_disk_grow');
  t.is(device.match(/^ {4}after_disk_grow\.$/gm)?.length, 2);
  t.is(device.match(/^ {4}(?:after_get_caps|before_nic_hotplug),$/gm)?.length, 3);
  t.true((await page('today', 'after_get_foo')).includes('after_get_caps,\nafter_get_foo) inherit\n'));
  t.true(
    (await page('y2014', 'after_get_foo')).includes(
      'before_network_setup and after_network_setup,\nafter_get_foo) inherit\n',
    ),
  );
  t.is((await page('today', 'before_vm_freeze')).match(/before_vm_freeze/g)?.length, 1);
});

for (const shape of SHAPES) {
  test(`${shape}: a second time there is nothing to do, whatever the point gives its scripts`, async t => {
    const tree = await smallTree(shape);
    for (const input of ['domain', 'device', 'json', 'empty'] as const) {
      const point = newPoint('after_zap', input);
      t.deepEqual(planPoint(changed(tree, planPoint(tree, point)), point), []);
    }
  });
}

test('a tree that lacks a place is refused with all that was not found', async t => {
  const { folder, files } = await smallTree('today');
  const left = new Map(files);
  left.delete(TODAY);
  left.set('vdsm.spec.in', (files.get('vdsm.spec.in') ?? '').replaceAll('%dir', '%exclude'));
  const error = t.throws(() => planPoint({ folder, files: left }, newPoint('before_zap')), {
    instanceOf: InputError,
  });
  t.regex(error?.message ?? '', /lib\/vdsm\/common\/hooks\.py: is not there/);
  t.regex(error?.message ?? '', /vdsm\.spec\.in: has no %dir/);
});

test('a point is as VDSM has it where it has it, else as its name says', t => {
  t.like(newPoint('before_vm_set_ticket'), { input: 'domain', aborts: false });
  t.like(newPoint('after_disk_prepare'), { input: 'json', aborts: true });
  t.like(newPoint('before_zap'), { input: 'empty', aborts: true });
  t.like(newPoint('after_vm_freeze'), { input: 'domain', aborts: false });
  t.is(exampleCall(newPoint('before_disk_grow')), 'hooks.before_disk_grow(devxml, vmconf=…, params=…)');
});

test('names that are none are told', t => {
  for (const name of ['freeze', 'before', 'before_', 'Before_x', 'after_x-y', 'during_x', 'before__x']) {
    t.not(pointNameProblem(name), undefined, name);
  }
  t.is(pointNameProblem('after_vm_freeze2'), undefined);
});

test('a point that only a tree has is read off its function', async t => {
  const tree = await smallTree('today');
  const made = changed(tree, planPoint(tree, newPoint('after_zap', 'json')));
  t.like(treePoint(made, 'after_zap'), { input: 'json', aborts: false, properties: 'none' });
  t.like(treePoint(changed(tree, planPoint(tree, newPoint('before_zap', 'domain'))), 'before_zap'), {
    input: 'domain',
    aborts: true,
    properties: 'vm',
  });
  t.like(treePoint(made, 'before_vm_start'), { output: true });
});
