import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { InputError, type Problem } from '../../src/core/input-error.ts';
import { readHookSource } from '../../src/playbook/hook-source.ts';
import { clashingHooks } from '../../src/playbook/hook-source-rules.ts';

const PLACE = { file: 'site.yml', line: 7, column: 15 };
const PYTHON = '#!/usr/bin/python3\n';

interface SourceFile {
  readonly text?: string | Uint8Array;
  readonly mode?: number;
  readonly link?: string;
}

/** A folder with the given files; text alone is a file of mode 0644. */
async function makeSource(
  t: ExecutionContext,
  files: Readonly<Record<string, string | SourceFile>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-source-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const source = join(folder, 'audit');
  await mkdir(source);
  for (const [name, file] of Object.entries(files)) {
    const { text = '', mode = 0o644, link } = typeof file === 'string' ? { text: file } : file;
    const path = join(source, name);
    await mkdir(dirname(path), { recursive: true });
    await (link === undefined ? writeFile(path, text) : symlink(link, path));
    if (link === undefined) {
      await chmod(path, mode);
    }
  }
  return source;
}

async function problemsOf(t: ExecutionContext, folder: string): Promise<readonly Problem[]> {
  const error = await t.throwsAsync(readHookSource(folder, PLACE), { instanceOf: InputError });
  t.true(error?.problems.every(({ hint = '' }) => hint.length > 0));
  return error?.problems ?? [];
}

test('every file is read with its event, name, mode, bytes and digest, in the order of events and names', async t => {
  const folder = await makeSource(t, {
    'before_vm_start/50_audit': { text: `${PYTHON}import site_tools\n`, mode: 0o755 },
    'before_vm_start/site_tools.py': 'x = 1\n',
    'after_vm_start/ZZ': '#!/bin/sh\n',
    'after_vm_start/10_env': { text: '#!/usr/bin/env -S python3 -u\n', mode: 0o700 },
    'after_vm_start/20_plain': { text: 'exit 0\n', mode: 0o755 },
    'after_vm_destroy/90_code': {
      text: new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0xff, 0x0d, 0x0a]),
    },
  });
  const files = await readHookSource(folder, PLACE);
  t.deepEqual(
    files.map(({ event, name, mode, programs }) => [event, name, mode.toString(8), programs.join(' ')]),
    [
      ['after_vm_destroy', '90_code', '755', ''],
      ['after_vm_start', '10_env', '755', '/usr/bin/env python3'],
      ['after_vm_start', '20_plain', '755', ''],
      ['after_vm_start', 'ZZ', '755', '/bin/sh'],
      ['before_vm_start', '50_audit', '755', '/usr/bin/python3'],
      ['before_vm_start', 'site_tools.py', '644', ''],
    ],
  );
  t.is(files[0]?.base64, 'f0VMRv8NCg==');
  t.is(files[3]?.sha256, 'a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf');
});

test('a link to a file of the same source is read as that file', async t => {
  const folder = await makeSource(t, {
    'before_vm_start/50_audit': PYTHON,
    'before_vm_migrate_destination/50_audit': { link: '../before_vm_start/50_audit' },
  });
  const [first, second] = await readHookSource(folder, PLACE);
  t.is(first?.sha256, second?.sha256);
});

test('a source that is not there, no folder or empty is told at its place in the playbook', async t => {
  const folder = await makeSource(t, {});
  await writeFile(join(folder, '../file'), '');
  for (const [path, words] of [
    [join(folder, 'none'), /does not exist/],
    [join(folder, '../file'), /is no folder/],
    [folder, /has no hook scripts/],
  ] as const) {
    const [problem] = await problemsOf(t, path);
    t.deepEqual(problem?.place, PLACE);
    t.regex(problem?.message ?? '', words);
  }
});

const WRONG: readonly (readonly [string, Record<string, string | SourceFile>, RegExp, RegExp?])[] = [
  ['README', { README: 'read me' }, /outside the event folders/],
  [
    'before_vm_strat',
    { 'before_vm_strat/50_x': PYTHON },
    /unknown event/,
    /Did you mean "before_vm_start"\?/,
  ],
  ['nothing_like_it', { 'nothing_like_it/50_x': PYTHON }, /unknown event/, /hooks events/],
  ['.git', { '.git/config': '' }, /hidden file/],
  ['before_vm_start/.keep', { 'before_vm_start/.keep': '' }, /hidden file/],
  ['before_vm_start/lib', { 'before_vm_start/lib/x.py': '' }, /is a folder/],
  [
    'before_vm_start/__pycache__',
    { 'before_vm_start/__pycache__/x.pyc': '' },
    /is a folder/,
    /Python made it/,
  ],
  ['before_vm_start/50_x', { 'before_vm_start/50_x': { link: '/etc/hostname' } }, /out of the source/],
  ['after_vm_start', { after_vm_start: { link: '../..' } }, /out of the source/],
  ['before_vm_start/50_x', { 'before_vm_start/50_x': { link: 'nowhere' } }, /leads nowhere/],
  ['before_vm_start/loop', { 'before_vm_start/loop': { link: 'loop' } }, /leads nowhere/],
  ['before_vm_start/50_x~', { 'before_vm_start/50_x~': PYTHON }, /backup copy/],
  ['before_vm_start/50_x.rpmsave', { 'before_vm_start/50_x.rpmsave': PYTHON }, /backup copy/],
  ...['50 x', '50=x', '50,x', '50{x', '50}x', '-x', 'ü', 'a\nb', '50;x'].map(
    name =>
      [
        `before_vm_start/${name}`,
        { [`before_vm_start/${name}`]: PYTHON },
        /no name for a hook script/,
      ] as const,
  ),
  ['before_vm_start', { 'before_vm_start/tools.py': 'x = 1\n' }, /would run nothing of this folder/],
  ['before_vm_start/50_x:1', { 'before_vm_start/50_x': '#!/usr/bin/python3\r\n' }, /CR LF/],
  ['before_vm_start/50_x:1', { 'before_vm_start/50_x': `\ufeff${PYTHON}` }, /byte order mark/],
  ['before_vm_start/50_x:1', { 'before_vm_start/50_x': '#!/usr/bin/python2\n' }, /python2/],
  ['before_vm_start/50_x:2', { 'before_vm_start/50_x': '#!/bin/sh\nexit 0\r\n' }, /CR LF/],
  ['before_vm_start/50_x', { 'before_vm_start/50_x': 'x'.repeat(1024 * 1024 + 1) }, /1048577 bytes/],
];

for (const [where, files, message, hint] of WRONG) {
  test(`refused: ${JSON.stringify(where)}, ${message.source}`, async t => {
    const folder = await makeSource(t, files);
    const problems = await problemsOf(t, folder);
    t.is(problems.length, 1);
    const [problem] = problems;
    const { file = '', line } = problem?.place ?? {};
    t.is(`${file}${line === undefined ? '' : `:${line}`}`, join(folder, where));
    t.regex(problem?.message ?? '', message);
    t.regex(problem?.hint ?? '', hint ?? /./);
  });
}

test('files that are small alone and large together are refused', async t => {
  const script = `${PYTHON}${'#'.repeat(400_000)}`;
  const folder = await makeSource(t, {
    'before_vm_start/1': script,
    'before_vm_start/2': script,
    'before_vm_start/3': script,
  });
  const problems = await problemsOf(t, folder);
  t.deepEqual(
    problems.map(({ place }) => place),
    [PLACE],
  );
});

test('everything that is wrong is told at once', async t => {
  const folder = await makeSource(t, {
    README: '',
    'before_vm_start/50 x': PYTHON,
    'before_vm_start/60_x': '#!python2\r\n',
    'after_vm_strat/50_x': PYTHON,
  });
  t.is((await problemsOf(t, folder)).length, 6);
});

test('two hooks of a play that have the same file are told, each later one at its place', t => {
  const hook = (name: string, line: number, ...files: readonly string[]) => ({
    name,
    place: { file: 'site.yml', line },
    files: files.map(path => ({ event: path.split('/')[0] ?? '', name: path.split('/')[1] ?? '' })),
  });
  const problems = clashingHooks([
    hook('a', 1, 'before_vm_start/50_x', 'after_vm_start/50_x'),
    hook('b', 2, 'before_vm_start/60_x'),
    hook('c', 3, 'before_vm_start/50_x', 'before_vm_start/70_x'),
  ]);
  t.deepEqual(
    problems.map(({ place }) => place?.line),
    [3],
  );
  t.regex(problems[0]?.message ?? '', /hooks a and c .* before_vm_start\/50_x/);
});
