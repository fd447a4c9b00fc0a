import test from 'ava';
import { DNF_TROUBLES, dnfTrouble } from '../../../src/resources/package/dnf-troubles.ts';
import { heldInDocs } from '../../held-docs.ts';

/** What dnf 4.14 or rpm 4.18 said, with the facts that the step adds; and what the user is told. */
const SAID: readonly (readonly [id: string, said: string, message: string])[] = [
  ['disk-full', '[Errno 28] No space left on device', 'The disk of this host is full'],
  [
    'disk-full',
    'Error: Transaction test error:\n  installing package x-1-1.noarch needs 10MB more space on the / filesystem\n',
    'The disk of this host is full',
  ],
  [
    'busy',
    'hookfleet: busy 41 /usr/bin/python3 /usr/bin/dnf upgrade \nRPMDB already locked by 41',
    'dnf or rpm of this host is busy: process 41 (/usr/bin/python3 /usr/bin/dnf upgrade) holds its lock',
  ],
  ['no-package-manager', 'neither dnf nor yum is on this host\n', 'Neither dnf nor yum is on this host'],
  [
    'yum-3',
    'Options Error: no such option: --asd',
    'The dnf or yum of this host is too old to change a package alone',
  ],
  [
    'no-repositories',
    'Error: There are no enabled repositories in "/etc/yum.repos.d".',
    'No repository of this host is enabled; nothing was touched',
  ],
  ['unknown-repository', "Error: Unknown repo: 'site'", 'This host has no repository site'],
  [
    'no-metadata',
    "Error: Failed to download metadata for repo 'gone': Cannot download repomd.xml: All mirrors were tried",
    'The repository gone of this host cannot be read',
  ],
  [
    'unsigned',
    'Package x-1-1.noarch.rpm is not signed\nError: GPG check FAILED',
    'x-1-1.noarch.rpm is not signed, and this host takes signed packages alone',
  ],
  [
    'key-expired',
    'error: Certificate 0123456789ABCDEF invalid: certificate is not alive\nError: GPG check FAILED',
    'The key that signed the package has expired',
  ],
  [
    'key-wrong',
    'The GPG keys listed for the "site" repository are already installed but they are not correct for this package.\nError: GPG check FAILED',
    'The package is not signed with the key of site',
  ],
  [
    'key-wrong',
    "Import of key(s) didn't help, wrong key(s)?\nError: GPG check FAILED",
    'The package is not signed with the key of its repository',
  ],
  [
    'key-missing',
    'Public key for x-1-1.noarch.rpm is not installed\nError: GPG check FAILED',
    'The key that signed x-1-1.noarch.rpm is not on this host',
  ],
  [
    'key-missing',
    'However, you do not have any GPG public keys installed. You need to download',
    'The key that signed the package is not on this host',
  ],
  ['bad-signature', 'Error: GPG check FAILED', 'The signature of the package could not be verified'],
  ['other-changed', 'hookfleet: changed vdsm\n', 'Another package of this host changed meanwhile: vdsm'],
  [
    'needed',
    'error: Failed dependencies:\n\tx is needed by (installed) ovirt-host-4.5-1.x86_64\n\tx is needed by (installed) y-1-1.noarch',
    'x is needed by ovirt-host-4.5-1.x86_64, y-1-1.noarch, so it is not removed',
  ],
  [
    'would-change',
    'hookfleet: would vdsm 4.50.5-1 (upgraded)\nhookfleet: would mom 1-1 (obsoleted)\n Problem: package x-1-1.noarch requires vdsm = 2, but none of the providers can be installed',
    'This would change other packages of the host: vdsm 4.50.5-1 (upgraded), mom 1-1 (obsoleted); nothing was touched',
  ],
  [
    'clash',
    'hookfleet: clash x-1-1.noarch conflicts with vdsm-4.50.5-1.noarch\n',
    'x-1-1.noarch conflicts with vdsm-4.50.5-1.noarch, which is on this host; nothing was touched',
  ],
  [
    'other-version',
    'hookfleet: has vdsm-4.50.6-1 : x-1-1.noarch vdsm = 4.50.5-1\n',
    'x-1-1.noarch needs vdsm = 4.50.5-1, and this host has vdsm-4.50.6-1; nothing was touched',
  ],
  [
    'no-version',
    'hookfleet: no-version x >=5 <6: 4.50.5-1 4.50.6-1\n',
    'No enabled repository of this host has x >=5 <6; there is 4.50.5-1 4.50.6-1',
  ],
  [
    'node-includepkgs',
    'hookfleet: ovirt-node\nhookfleet: includepkgs /etc/yum.repos.d/ovirt.repo\nAll matches were filtered out by exclude filtering for argument: x\nError: Unable to find a match: x',
    'This host is an oVirt Node: its repositories’ `includepkgs` do not let x through',
  ],
  [
    'includepkgs',
    'hookfleet: includepkgs /etc/yum.repos.d/site.repo\nAll matches were filtered out by exclude filtering for argument: x\nError: Unable to find a match: x',
    'x is left out by `includepkgs` in /etc/yum.repos.d/site.repo',
  ],
  [
    'versionlock',
    'hookfleet: versionlock\nAll matches were filtered out by exclude filtering for argument: x\nError: Unable to find a match: x',
    'x is excluded on this host, most likely by versionlock',
  ],
  [
    'excluded',
    'All matches were filtered out by exclude filtering for argument: x\nError: Unable to find a match: x',
    'x is excluded on this host',
  ],
  [
    'module',
    'All matches were filtered out by modular filtering for argument: x\nError: Unable to find a match: x',
    'x is hidden by a module stream of this host',
  ],
  [
    'gone',
    'Installed package x-1-1.noarch (from lab) not available.\nError: No packages marked for reinstall.',
    'No enabled repository of this host has x-1-1.noarch any more, so it cannot be reinstalled; nothing was touched',
  ],
  [
    'ignored-repository',
    'Ignoring repositories: gone, far\nError: Unable to find a match: x',
    'No repository that this host reaches has x; it could not reach gone, far',
  ],
  ['no-package', 'Error: Unable to find a match: x y', 'No enabled repository of this host has x y'],
  [
    'architecture',
    'package x-1-1.aarch64 from @commandline does not have a compatible architecture',
    'x-1-1.aarch64 is not for the architecture of this host',
  ],
  [
    'file-conflict',
    'Error: Transaction test error:\n  file /opt/x from install of x-1-1.noarch conflicts with file from package y-1-1.noarch\n',
    '/opt/x belongs to y-1-1.noarch already; nothing was touched',
  ],
  [
    'protected',
    'Error: \n Problem: The operation would result in removing the following protected packages: dnf',
    'This would remove packages of the host that are protected: dnf; nothing was touched',
  ],
  [
    'no-provider',
    'Error: \n Problem: conflicting requests\n  - nothing provides zork >= 2 needed by x-1-1.noarch from lab',
    'x-1-1.noarch needs zork >= 2, which no enabled repository of this host has',
  ],
  [
    'dependency',
    ' Problem: package x-1-1.noarch requires dep >= 2, but none of the providers can be installed',
    'x-1-1.noarch needs dep >= 2, which cannot come in on this host',
  ],
  [
    'damaged',
    'Package "x-1-1.noarch" from local repository "site" has incorrect checksum\nError: Some packages from local repository have incorrect checksum',
    'x-1-1.noarch is damaged, or the list of its repository is outdated',
  ],
  [
    'damaged',
    "Error: Error downloading packages:\n  x-1-1.noarch.rpm: Cannot download, all mirrors were already tried without success: checksum doesn't match",
    'A package is damaged, or the list of its repository is outdated',
  ],
  [
    'download',
    'Error: Error downloading packages:\n  Cannot download x-1-1.noarch.rpm: All mirrors were tried',
    'A package could not be downloaded: Cannot download x-1-1.noarch.rpm: All mirrors were tried',
  ],
];

for (const [id, said, message] of SAID) {
  test(`${id}: ${said.trim().split('\n').slice(0, 2).join(' ')}`, t => {
    const found = dnfTrouble({ stdout: '', stderr: said, exitCode: 1 });
    t.is(found?.trouble.id, id);
    t.is(found?.explanation.message, message);
    t.regex(found?.explanation.hint ?? '', /\S/);
    t.notRegex(`${found?.explanation.message} ${found?.explanation.hint}`, /[{}]/);
  });
}

test('every trouble has words of dnf to prove it, and a name of its own', t => {
  t.deepEqual([...new Set(SAID.map(([id]) => id))].sort(), DNF_TROUBLES.map(({ id }) => id).sort());
});

test('what is not known is left in dnf’s own words', t => {
  t.is(dnfTrouble({ stdout: 'Complete!', stderr: 'Something new', exitCode: 1 }), undefined);
});

test('16 MiB of whatever a host says are looked through in no time', t => {
  for (const piece of [
    ' \n',
    ' ',
    'key ',
    'file a from ',
    'hookfleet: busy 1  ',
    'hookfleet: has : ',
    'a-',
  ]) {
    const said = piece.repeat(Math.ceil((16 * 1024 * 1024) / piece.length));
    const start = performance.now();
    dnfTrouble({ stdout: said, stderr: said, exitCode: 1 });
    t.true(performance.now() - start < 2000, JSON.stringify(piece));
  }
});

test('of much that was said the end counts, on both streams', t => {
  const noise = 'noise noise noise\n'.repeat(100_000);
  for (const [stdout, stderr] of [
    [`${noise}hookfleet: changed vdsm\n`, noise],
    [noise, `${noise}Error: GPG check FAILED\n`],
  ] as const) {
    t.is(
      dnfTrouble({ stdout, stderr, exitCode: 1 })?.trouble.id,
      stdout === noise ? 'bad-signature' : 'other-changed',
    );
  }
});

test('docs/packages.md has the table of troubles as the program has it', t =>
  heldInDocs(t, 'docs/packages.md', 'troubles', table()));

function table(): string {
  const rows = DNF_TROUBLES.map(
    ({ when, message, hint }) => `| ${[when, message, hint].map(cell).join(' | ')} |`,
  );
  return ['| when | what hookfleet says | what to do |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Blanks to be filled in are set in italics, within code as they are. */
function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .split(/(`[^`]*`)/)
    .map(part =>
      part.startsWith('`')
        ? part.replaceAll(/\{(\w+)[^}]*\}/g, (_, name: string) => name.toUpperCase())
        : part.replaceAll(/\{(\w+)[^}]*\}/g, (_, name: string) => `*${name}*`),
    )
    .join('');
}
