import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { Secret } from '../../../src/core/secret.ts';
import { lines, type Sh, sh } from '../../../src/core/sh.ts';
import { type PlacedFile, placeFile } from '../../../src/resources/files/place-file.ts';

const { uid, gid } = userInfo();

/** An empty root folder of a host, with one folder in it. */
async function hostRoot(t: ExecutionContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'hookfleet-place-'));
  t.teardown(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'etc'));
  return root;
}

function file(content: PlacedFile['content'], path = '/etc/it is’s'): PlacedFile {
  return { path, content, mode: 0o640, owner: `${uid}:${gid}` };
}

async function runIn(root: string, script: Sh) {
  const text = lines([sh`set -e`, script, sh`echo reached`]).text;
  return execa('sh', ['-s'], { cwd: root, input: text, reject: false });
}

for (const [name, content, bytes] of [
  ['bytes', Buffer.from([0, 255, 10, 39, 92, 10]), Buffer.from([0, 255, 10, 39, 92, 10])],
  ['nothing', new Uint8Array(), Buffer.alloc(0)],
  ['a secret', new Secret("päss'word\n"), Buffer.from("päss'word\n")],
  ['a command’s output', sh`printf '%s\n' ${"it's"}`, Buffer.from("it's\n")],
] as const) {
  test(`places ${name} with the mode, and leaves nothing beside it`, async t => {
    const root = await hostRoot(t);
    await writeFile(join(root, 'etc/.hookfleet-Killed'), 'half');
    const { stdout } = await runIn(root, placeFile(file(content)));
    t.is(stdout, 'reached');
    t.deepEqual(await readFile(join(root, 'etc/it is’s')), bytes);
    t.is((await stat(join(root, 'etc/it is’s'))).mode & 0o7777, 0o640);
    t.deepEqual(await readdir(join(root, 'etc')), ['it is’s']);
  });
}

test('shows neither a secret nor a page of base64', t => {
  const { shown } = placeFile(file(new Secret('Sesame')));
  t.false(shown.includes('Sesame') || shown.includes(Buffer.from('Sesame').toString('base64')));
  t.true(placeFile(file(Buffer.alloc(100_000))).shown.length < 1000);
});

test('replaces a link itself and not what it points to; fails where a folder stands, and goes no further', async t => {
  const root = await hostRoot(t);
  await writeFile(join(root, 'other'), 'other');
  await symlink('../other', join(root, 'etc/link'));
  t.is((await runIn(root, placeFile(file(Buffer.from('new'), '/etc/link')))).stdout, 'reached');
  t.is(await readFile(join(root, 'etc/link'), 'utf8'), 'new');
  t.is(await readFile(join(root, 'other'), 'utf8'), 'other');
  await mkdir(join(root, 'etc/folder'));
  const failed = await runIn(root, placeFile(file(Buffer.from('new'), '/etc/folder')));
  t.not(failed.exitCode, 0);
  t.is(failed.stdout, '');
  t.deepEqual((await readdir(join(root, 'etc'))).sort(), ['folder', 'link']);
});

test('what fails or is killed in the middle leaves the old file whole', async t => {
  const root = await hostRoot(t);
  const path = join(root, 'etc/file');
  await writeFile(path, 'old');
  const failed = await runIn(root, placeFile(file(sh`{ echo half; false; }`, '/etc/file')));
  t.not(failed.exitCode, 0);
  t.is(await readFile(path, 'utf8'), 'old');
  t.deepEqual(await readdir(join(root, 'etc')), ['file']);

  const slow = placeFile(file(sh`{ echo half; echo half >&2; sleep 60; }`, '/etc/file'));
  const shell = spawn('sh', ['-ec', slow.text], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise(resolve => shell.stderr.once('data', resolve));
  const closed = new Promise(resolve => shell.once('exit', resolve));
  process.kill(-(shell.pid ?? 0), 'SIGKILL');
  await closed;
  t.is(await readFile(path, 'utf8'), 'old');
  t.is((await readdir(join(root, 'etc'))).length, 2);
  t.is((await runIn(root, placeFile(file(Buffer.from('new'), '/etc/file')))).stdout, 'reached');
  t.deepEqual(await readdir(join(root, 'etc')), ['file']);
});
