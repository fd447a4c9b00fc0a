import { chmod, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { setUp } from '../program.ts';

const TREES = fileURLToPath(new URL('../../authoring/trees', import.meta.url));

/** The program, and a folder with a small checkout of VDSM in one of its two shapes. */
async function withTree(t: ExecutionContext, shape: 'today' | 'y2014' = 'today') {
  const made = await setUp(t);
  const tree = join(made.folder, 'vdsm');
  await cp(join(TREES, shape), tree, { recursive: true });
  return { ...made, tree, before: await contentOf(tree) };
}

/** Every file of a folder with its mode and bytes. */
async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  const pairs = files.sort().map(async file => {
    const { mode } = await stat(file);
    return [file, `${mode.toString(8)} ${await readFile(file, 'base64')}`] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

test('a hook is made whole, lints clean, and is a source as its README says', async t => {
  const { folder, run, knocks } = await setUp(t);
  const made = await run(
    'hooks',
    'new',
    'site_audit',
    '--event',
    'before_vm_start',
    '--property',
    'tag=^[a-z]+$',
  );
  t.is(made.exitCode, 0, made.stderr);
  t.deepEqual(made.stdout.split('\n'), [
    'site_audit/before_vm_start/50_site_audit',
    'site_audit/README.md',
    'site_audit/samples/domain.xml',
    'site_audit/tests/hooking.py',
    'site_audit/tests/test_site_audit.py',
  ]);
  t.is((await stat(join(folder, 'site_audit/before_vm_start/50_site_audit'))).mode & 0o111, 0o111);
  t.deepEqual(
    (await readdir(folder)).filter(name => name.startsWith('.')),
    [],
  );
  const lint = await run('hooks', 'lint', '--strict', 'site_audit');
  t.is(lint.exitCode, 0, lint.stdout);
  const readme = await readFile(join(folder, 'site_audit/README.md'), 'utf8');
  const yaml = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  await writeFile(join(folder, 'hooks.yml'), yaml.replaceAll('hooks/site_audit', 'site_audit'));
  await writeFile(join(folder, 'two.ini'), '[hypervisors]\nkvm-01\n[engine]\nengine-01\n');
  const check = await run('check', 'hooks.yml', '-i', 'two.ini', '--print-probe');
  t.is(check.exitCode, 0, check.stderr);
  t.true(check.stdout.includes('50_site_audit'));
  t.is(knocks(), 0);
});

test('a folder that is there is left alone, and a check makes nothing', async t => {
  const { folder, run } = await setUp(t);
  await mkdir(join(folder, 'site_audit'));
  const there = await run('hooks', 'new', 'site_audit', '--event', 'before_vm_start');
  t.is(there.exitCode, 2);
  t.is(there.stdout, '');
  t.regex(there.stderr, /site_audit: is there already/);
  t.deepEqual(await readdir(join(folder, 'site_audit')), []);
  const check = await run('hooks', 'new', 'other', '--event', 'before_vm_start', '--check');
  t.is(check.exitCode, 3);
  t.false((await readdir(folder)).includes('other'));
});

test('a wrong name is told once', async t => {
  const { run } = await setUp(t);
  const { stderr } = await run('hooks', 'new', 'Site-Audit', '--event', 'before_vm_start');
  t.is(stderr.match(/"Site-Audit" is no name/g)?.length, 1);
});

test('--dir says where the folder goes, and events that run as root are told', async t => {
  const { folder, run } = await setUp(t);
  await mkdir(join(folder, 'hooks'));
  const { exitCode, stderr } = await run(
    ...['hooks', 'new', 'nets', '--event', 'before_network_setup', '--language', 'sh', '--dir', 'hooks'],
  );
  t.is(exitCode, 0, stderr);
  t.regex(stderr, /before_network_setup as root/);
  t.true(
    (await readFile(join(folder, 'hooks/nets/before_network_setup/50_nets'), 'utf8')).startsWith(
      '#!/bin/sh\n',
    ),
  );
});

const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no event', ['a'], /says at no event[\s\S]*--event EVENT/],
  ['an unknown event', ['a', '--event', 'before_vm_strat'], /Did you mean "before_vm_start"\?/],
  ['a bad name', ['A-b', '--event', 'before_vm_start'], /"A-b" is no name for a hook/],
  ['a name of the catalogue', ['macbind', '--event', 'before_vm_start'], /is a hook of the catalogue/],
  [
    'a property of the environment',
    ['a', '--event', 'before_vm_start', '--property', 'PATH=.*'],
    /would change how every script runs/,
  ],
  [
    'a regex that the engine cannot take',
    ['a', '--event', 'before_vm_start', '--property', 'p=a;b'],
    /semicolon/,
  ],
  ['no regex', ['a', '--event', 'before_vm_start', '--property', 'p'], /has no regular expression/],
  [
    'a property that no event gets',
    ['a', '--event', 'after_vdsm_stop', '--property', 'p=a'],
    /none of these events gets custom properties/,
  ],
  [
    'a summary of two lines',
    ['a', '--event', 'before_vm_start', '--summary', 'a\nb'],
    /does not fit into one line/,
  ],
  ['two places', ['a', '--event', 'before_vm_start', '--tree', '.', '--dir', '.'], /exclude each other/],
  [
    'no checkout',
    ['a', '--event', 'before_vm_start', '--tree', '.'],
    /is no checkout of VDSM: it has no configure\.ac/,
  ],
  ['--required alone', ['a', '--event', 'before_vm_start', '--required'], /--required is for a checkout/],
];

for (const [what, words, reason] of WRONG) {
  test(`${what} is refused, and nothing is made`, async t => {
    const { folder, run } = await setUp(t);
    const before = await readdir(folder);
    const { exitCode, stdout, stderr } = await run('hooks', 'new', ...words);
    t.is(exitCode, 2);
    t.is(stdout, '');
    t.regex(stderr, reason);
    t.deepEqual(await readdir(folder), before);
  });
}

for (const shape of ['today', 'y2014'] as const) {
  test(`${shape}: a checkout gets a hook and a point as the patch says, a second time nothing, and all of it is undone`, async t => {
    const { run, tree, before } = await withTree(t, shape);
    const patched = `${tree}-patched`;
    await cp(tree, patched, { recursive: true });
    const commands = [
      ['hooks', 'new', 'paint_all', '--event', 'before_vm_start', '--tree', tree],
      ['hooks', 'new-point', 'before_disk_grow', '--tree', tree],
    ];
    for (const words of commands) {
      const check = await run(...words, '--check');
      t.is(check.exitCode, 3, check.stderr);
      await execa('git', ['apply', '-'], {
        cwd: patched,
        input: `${check.stdout}\n`,
        env: { GIT_CEILING_DIRECTORIES: join(patched, '..') },
      });
      const made = await run(...words);
      t.is(made.exitCode, 0, made.stderr);
      t.is(made.stdout, check.stdout);
      const again = await run(...words);
      t.is(again.exitCode, 0);
      t.is(again.stdout, '');
      t.regex(again.stderr, /nothing to do/);
    }
    t.deepEqual(relative(await contentOf(tree), tree), relative(await contentOf(patched), patched));
    for (const words of commands.toReversed()) {
      const [first = '', second = '', third = ''] = words;
      const undone = await run(first, second, third, '--tree', tree, '--undo');
      t.is(undone.exitCode, 0, undone.stderr);
    }
    t.deepEqual(await contentOf(tree), before);
    t.is((await run('hooks', 'new', 'paint_all', '--tree', tree, '--undo')).exitCode, 2);
  });
}

function relative(content: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(content).map(([file, text]) => [file.slice(folder.length), text]));
}

test('what was changed since is not lost: nothing is undone', async t => {
  const { run, tree } = await withTree(t);
  await run('hooks', 'new', 'paint', '--event', 'before_vm_start', '--tree', tree);
  const script = join(tree, 'vdsm_hooks/paint/before_vm_start.py');
  await writeFile(script, `${await readFile(script, 'utf8')}# mine\n`);
  await writeFile(join(tree, 'vdsm_hooks/paint/notes'), 'mine\n');
  const before = await contentOf(tree);
  const { exitCode, stderr } = await run('hooks', 'new', 'paint', '--tree', tree, '--undo');
  t.is(exitCode, 2);
  t.regex(stderr, /before_vm_start\.py: was changed since/);
  t.regex(stderr, /notes: lies in a folder that goes/);
  t.deepEqual(await contentOf(tree), before);
});

test('a damaged record of changes is told, and nothing is changed', async t => {
  const { run, tree, folder } = await withTree(t);
  await run('hooks', 'new', 'paint', '--event', 'before_vm_start', '--tree', tree);
  const state = join(folder, '.local/state/hookfleet/trees');
  for (const name of await readdir(state)) {
    await writeFile(join(state, name), '{"tree');
  }
  const before = await contentOf(tree);
  const { exitCode, stderr } = await run('hooks', 'new', 'paint', '--tree', tree, '--undo');
  t.is(exitCode, 2);
  t.regex(stderr, /\.json: is no record of changes to a checkout\n {2}Remove it/);
  t.deepEqual(await contentOf(tree), before);
});

test('after a half-made change the same command ends it, and undo goes back to the beginning', async t => {
  const { run, tree, before } = await withTree(t);
  const words = ['hooks', 'new', 'paint', '--event', 'before_vm_start', '--tree', tree];
  await run(...words);
  await cp(join(TREES, 'today/vdsm.spec.in'), join(tree, 'vdsm.spec.in'));
  const again = await run(...words);
  t.is(again.exitCode, 0);
  t.deepEqual(again.stdout.match(/^diff .*/gm), ['diff --git a/vdsm.spec.in b/vdsm.spec.in']);
  t.is((await run('hooks', 'new', 'paint', '--tree', tree, '--undo')).exitCode, 0);
  t.deepEqual(await contentOf(tree), before);
});

test('inside a checkout it is meant without being named; modes are kept', async t => {
  const { run, tree } = await withTree(t);
  await chmod(join(tree, 'vdsm.spec.in'), 0o664);
  const made = await execa(
    process.execPath,
    [
      fileURLToPath(new URL('../../../bin/hookfleet.js', import.meta.url)),
      'hooks',
      'new',
      'paint',
      '--event',
      'after_vm_start',
    ],
    { cwd: join(tree, 'lib'), env: { HOME: join(tree, '..') }, stdin: 'ignore', reject: false },
  );
  t.is(made.exitCode, 0, made.stderr);
  t.true((await readdir(join(tree, 'vdsm_hooks'))).includes('paint'));
  t.is((await stat(join(tree, 'vdsm.spec.in'))).mode & 0o777, 0o664);
  t.is((await stat(join(tree, 'vdsm_hooks/paint/after_vm_start.py'))).mode & 0o111, 0o111);
  const other = await run('hooks', 'new', 'paint_disk', '--event', 'after_disk_prepare', '--tree', tree);
  t.is(other.exitCode, 2);
  t.regex(other.stderr, /unknown event "after_disk_prepare"/);
});

test('--json has the files and the patch, and asks nothing', async t => {
  const { run, tree } = await withTree(t);
  const { stdout, exitCode } = await run('hooks', 'new-point', 'before_zap', '--tree', tree, '--json');
  t.is(exitCode, 0);
  const document = JSON.parse(stdout);
  t.like(document, { command: 'hooks new-point', exitCode: 0, tree });
  t.deepEqual(document.files[0], { path: 'lib/vdsm/common/hooks.py', action: 'change' });
  t.regex(document.diff, /\+def before_zap\(\):/);
});

test('a point is named with the call that is left to write', async t => {
  const { run, tree } = await withTree(t);
  const { stderr } = await run('hooks', 'new-point', 'before_zap', '--input', 'json', '--tree', tree);
  t.regex(stderr, /hooks\.before_zap\(data\)/);
  t.regex(stderr, /Undo: hookfleet hooks new-point before_zap --tree \S+ --undo/);
  t.is((await run('hooks', 'new-point', 'zap', '--tree', tree)).exitCode, 2);
  t.is((await run('hooks', 'new-point', 'before_zap')).exitCode, 2);
});
