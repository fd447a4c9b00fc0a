import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import type { Sh } from '../../src/core/sh.ts';

/** Runs shell text in a folder that stands for a host's root folder, with stand-ins for some of its programs. */
export async function inRoot(
  t: ExecutionContext,
  script: Sh,
  about: {
    /** Files below the root, by path. */
    readonly files?: Readonly<Record<string, string>>;
    /** Shell text by the name of the program that it stands for. */
    readonly programs?: Readonly<Record<string, string>>;
    /** What runs the text; `sh` unless given. */
    readonly shell?: readonly [string, ...string[]];
  },
) {
  const root = await mkdtemp(join(tmpdir(), 'hookfleet-root-'));
  t.teardown(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries(about.files ?? {})) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(root, 'stand-ins'));
  for (const [name, text] of Object.entries(about.programs ?? {})) {
    await writeFile(join(root, 'stand-ins', name), `#!/bin/sh\n${text}\n`);
    await chmod(join(root, 'stand-ins', name), 0o755);
  }
  const [shell, ...options] = about.shell ?? ['sh'];
  return execa(shell, [...options, '-c', script.text], {
    cwd: root,
    env: { PATH: `${join(root, 'stand-ins')}:/usr/bin:/bin`, LC_ALL: 'C' },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
}
