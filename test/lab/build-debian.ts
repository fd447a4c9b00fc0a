import { execa } from 'execa';
import { PACKAGES, SUITE } from './recipe.ts';

/** Makes a minimal Debian with the recipe's packages in the folder; needs root and a Debian mirror. */
export async function buildDebian(folder: string): Promise<void> {
  await execa('mmdebstrap', [
    '--variant=minbase',
    `--include=${PACKAGES.join(',')}`,
    ...['doc', 'man', 'locale', 'info'].map(name => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    '--customize-hook=rm -f "$1"/etc/ssh/ssh_host_*',
    SUITE,
    folder,
  ]);
}
