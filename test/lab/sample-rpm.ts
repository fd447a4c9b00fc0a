import { rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeRepository } from './build-rpm.ts';
import type { LabHost } from './host.ts';
import { LAB } from './recipe.ts';

/** A package of one small file, with what matters about it to a package manager. */
export interface Sample {
  readonly name: string;
  /** `1` unless said otherwise. */
  readonly version?: string;
  readonly release?: string;
  /** Lines of the spec's head: `Requires: vdsm >= 4.50.6`. */
  readonly head?: readonly string[];
  readonly arch?: string;
  /** The file it brings; `/opt/NAME` unless said otherwise. */
  readonly file?: string;
}

/** Builds packages into a folder that lives as long as this process; gives the folder. */
export async function buildSamples(samples: readonly Sample[]): Promise<string> {
  const top = await mkdtemp(join(tmpdir(), 'hookfleet-samples-'));
  process.once('exit', () => rmSync(top, { recursive: true, force: true }));
  for (const [i, sample] of samples.entries()) {
    const spec = join(top, `${i}.spec`);
    await writeFile(spec, specOf(sample));
    await execa('rpmbuild', [
      '-bb',
      '--quiet',
      `--load=${join(LAB, 'rpms/macros')}`,
      ...['--target', sample.arch ?? 'noarch'],
      ...['--define', `_topdir ${top}/work`],
      ...['--define', `_rpmdir ${top}/rpms`],
      ...['--define', '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm'],
      spec,
    ]);
  }
  return join(top, 'rpms');
}

/** Offers a folder of packages to a host, as a repository that is enabled. `lines` go into its section. */
export async function offer(
  host: LabHost,
  rpms: string,
  id = 'extra',
  lines: readonly string[] = [],
): Promise<void> {
  const folder = join(host.root, 'srv/repo', id);
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(rpms)) {
    await copyFile(join(rpms, file), join(folder, file));
  }
  await makeRepository(folder);
  const section = [
    `[${id}]`,
    `name=${id}`,
    `baseurl=file:///srv/repo/${id}`,
    'enabled=1',
    'gpgcheck=0',
    ...lines,
  ];
  await writeFile(join(host.root, `etc/yum.repos.d/${id}.repo`), `${section.join('\n')}\n`);
}

function specOf({ name, version = '1', release = '1', head = [], file = `/opt/${name}` }: Sample): string {
  return `Name: ${name}
Version: ${version}
Release: ${release}
Summary: A sample
License: none
AutoReqProv: no
${head.join('\n')}

%description
%{summary}.

%install
install -D -m 0644 /dev/stdin %{buildroot}${file} <<'EOF'
${name} ${version}-${release}
EOF

%files
${file}
`;
}
