import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sh } from '../core/sh.ts';
import { type DemoFile, writeFiles } from './files.ts';
import { HOOK_PACKAGES, manifest } from './packages.ts';
import { dnf } from './stand-ins/dnf.ts';
import { CURL, ENGINE_CONFIG } from './stand-ins/engine.ts';
import { PORTABLE_STAND_INS } from './stand-ins/portable.ts';
import { RPM } from './stand-ins/rpm.ts';
import { SMALL_STAND_INS } from './stand-ins/small.ts';
import { SYSTEMCTL } from './stand-ins/systemctl.ts';

/** Where this machine's own programs are, for what has no stand-in. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Writes the stand-ins and the repository of packages into a folder.
 *
 * @returns the PATH of the simulated hosts.
 */
export async function makeTools(folder: string): Promise<string> {
  const [bin, repository] = [join(folder, 'bin'), join(folder, 'repository')];
  const gaps = await missingPrograms(folder);
  const scripts: Readonly<Record<string, Sh>> = {
    ...SMALL_STAND_INS,
    ...Object.fromEntries(gaps.map(([name, { script }]) => [name, script])),
    rpm: RPM,
    dnf: dnf(repository),
    systemctl: SYSTEMCTL,
    'engine-config': ENGINE_CONFIG,
    curl: CURL,
  };
  await writeFiles(
    bin,
    Object.entries(scripts).map(([name, { text }]) => ({ path: `/${name}`, mode: 0o755, text })),
  );
  await writeFiles(repository, HOOK_PACKAGES.flatMap(repositoryFiles));
  return `${bin}:${SYSTEM_PATH}`;
}

function repositoryFiles(one: (typeof HOOK_PACKAGES)[number]): DemoFile[] {
  return [
    { path: `/${one.name}/manifest`, mode: 0o644, text: manifest(one) },
    ...one.files.map(file => ({ ...file, path: `/${one.name}/files${file.path}` })),
  ];
}

/** The programs that scripts call with options that this machine's own do not have. */
async function missingPrograms(folder: string) {
  const all = await Promise.all(
    Object.entries(PORTABLE_STAND_INS).map(async ([name, standIn]) => {
      await mkdir(folder, { recursive: true });
      const cwd = await mkdtemp(join(folder, 'test-'));
      try {
        await run('/bin/sh', ['-c', standIn.test.text], { cwd, env: { PATH: SYSTEM_PATH, LC_ALL: 'C' } });
        return [];
      } catch {
        return [[name, standIn] as const];
      } finally {
        await rm(cwd, { recursive: true });
      }
    }),
  );
  return all.flat();
}

const run = promisify(execFile);
