import { join } from 'node:path';
import { execa } from 'execa';
import { LAB } from './recipe.ts';

/** Builds one of the lab's specs into a folder, in the work folder `top`. */
export async function buildRpm(top: string, spec: string, version: string, folder: string): Promise<void> {
  await execa('rpmbuild', [
    '-bb',
    '--quiet',
    `--load=${join(LAB, 'rpms/macros')}`,
    ...['--define', `_topdir ${top}`],
    ...['--define', `_rpmdir ${folder}`],
    ...['--define', '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm'],
    ...['--define', `lab_version ${version}`],
    join(LAB, 'rpms', `${spec}.spec`),
  ]);
}

/** Makes a folder of rpms a repository. */
export async function makeRepository(folder: string): Promise<void> {
  await execa('createrepo_c', ['--quiet', folder]);
}
