import type { DnfTrouble } from './dnf-trouble.ts';
import { CHANGED_ALONE } from './dnf-troubles-others.ts';

const FILTERED = /filtered out by exclude filtering for argument: (?<package>\S+)/g;

/** Of what the repositories offer. */
export const OFFER_TROUBLES: readonly DnfTrouble[] = [
  {
    id: 'no-version',
    when: 'no version that the repositories have is in the range',
    words: /^hookfleet: no-version (?<package>\S+) (?<range>.*): (?<versions>.*)$/gm,
    message: 'No enabled repository of this host has {package} {range}; there is {versions}',
    hint: 'Ask for one of those, or enable the repository that has the version (`enablerepo:`). Excludes and versionlock hide versions too.',
  },
  {
    id: 'node-includepkgs',
    when: 'the host is an oVirt Node, whose repositories let a few packages through',
    words: FILTERED,
    and: /^hookfleet: ovirt-node$/m,
    message: 'This host is an oVirt Node: its repositories’ `includepkgs` do not let {package} through',
    hint: 'Give the package a repository of its own (`repositories:`), or push it with `rpm:`. Of VDSM’s hooks only fcoe, vhostmd, openstacknet and ethtool-options come through.',
  },
  {
    id: 'includepkgs',
    when: 'a repository’s `includepkgs` leaves the package out',
    words: FILTERED,
    and: /^hookfleet: includepkgs (?<file>.+)$/m,
    message: '{package} is left out by `includepkgs` in {file}',
    hint: 'Add it to that list on the host, or give it a repository of its own (`repositories:`).',
  },
  {
    id: 'versionlock',
    when: 'dnf’s versionlock holds the package',
    words: FILTERED,
    and: /^hookfleet: versionlock$/m,
    message: '{package} is excluded on this host, most likely by versionlock',
    hint: 'Look at `dnf versionlock list` there: whoever locked it had a reason.',
  },
  {
    id: 'excluded',
    when: 'an exclude of the host hides the package',
    words: FILTERED,
    message: '{package} is excluded on this host',
    hint: 'Look for `excludepkgs` and `exclude` in /etc/dnf/dnf.conf and /etc/yum.repos.d there: whoever wrote it had a reason.',
  },
  {
    id: 'module',
    when: 'a module stream hides the package',
    words: /filtered out by modular filtering for argument: (?<package>\S+)/g,
    message: '{package} is hidden by a module stream of this host',
    hint: 'Enable the stream that has it (`dnf module list`), or set `module_hotfixes: true` for its repository.',
  },
  {
    id: 'gone',
    when: 'a package is to be reinstalled whose version no repository has any more',
    words: /^Installed package (?<package>(?<name>\S+)-[^-\s]+-[^-\s]+)(?: \(from \S+\))? not available/gm,
    message:
      'No enabled repository of this host has {package} any more, so it cannot be reinstalled; nothing was touched',
    hint: 'Enable the repository that it came from, or move to a version that there is: `dnf --showduplicates list {name}` on the host.',
  },
  {
    id: 'ignored-repository',
    when: 'the package is not found, and a repository was left out because it could not be reached',
    words: /Unable to find a match: (?<package>.+)$/gm,
    and: /Ignoring repositories: (?<repository>.+)$/m,
    message: 'No repository that this host reaches has {package}; it could not reach {repository}',
    hint: '`dnf makecache` on the host shows why.',
  },
  {
    id: 'no-package',
    when: 'no repository has the package',
    words: /Unable to find a match: (?<package>.+)$/gm,
    message: 'No enabled repository of this host has {package}',
    hint: 'Look at the spelling and at `dnf repolist` on the host; a repository that is switched off can be named in `enablerepo:`.',
  },
  {
    id: 'architecture',
    when: 'an RPM is for another architecture',
    words: /package (?<package>\S+)(?: from \S+)? does not have a compatible architecture/g,
    message: '{package} is not for the architecture of this host',
    hint: 'Give the RPM that was built for it, in a play of its own if the fleet is mixed.',
  },
  {
    id: 'file-conflict',
    when: 'a file of the package is another package’s already',
    words: /file (?<path>\S+) (?:from|conflicts)[^\n]* conflicts with file from package (?<other>\S+)/g,
    message: '{path} belongs to {other} already; nothing was touched',
    hint: 'Two packages cannot bring the same file: leave one of them out, or rebuild it under another name.',
  },
  {
    id: 'protected',
    when: 'the change would remove a package that is protected',
    words: /would result in removing the following protected packages: (?<other>.+)$/gm,
    message: 'This would remove packages of the host that are protected: {other}; nothing was touched',
    hint: CHANGED_ALONE,
  },
  {
    id: 'no-provider',
    when: 'the package needs something that no repository has',
    words: /nothing provides (?<what>.+?) needed by (?<package>\S+)/g,
    message: '{package} needs {what}, which no enabled repository of this host has',
    hint: 'Enable the repository that has it (`enablerepo:`); `dnf repoquery --whatprovides` tells which one that is.',
  },
  {
    id: 'dependency',
    when: 'the package needs something that is excluded, or that cannot come in itself',
    words:
      /package (?<package>\S+)(?: from \S+)? requires (?<what>.+?), but none of the providers can be installed/g,
    message: '{package} needs {what}, which cannot come in on this host',
    hint: 'Look for `excludepkgs` and `exclude` in /etc/dnf/dnf.conf and /etc/yum.repos.d there; `dnf repoquery --whatprovides` tells who has it.',
  },
  {
    id: 'damaged',
    when: 'a package is not the one that its repository lists',
    words:
      /Package "(?<package>[^"]+)" from local repository "[^"]+" has incorrect checksum|checksum doesn't match/g,
    message: '{package|A package} is damaged, or the list of its repository is outdated',
    hint: '`dnf clean all` on the host drops an outdated list; else the repository has to be made anew (`createrepo_c`).',
  },
  {
    id: 'download',
    when: 'a package could not be downloaded',
    words: /Error downloading packages:\s{0,20}(?<why>[^\n]*)/g,
    message: 'A package could not be downloaded: {why}',
    hint: 'Look at the mirror; `dnf clean metadata` on the host drops an outdated list of packages.',
  },
];
