import type { DnfTrouble } from './dnf-trouble.ts';

/** Of the host itself and of its repositories. */
export const HOST_TROUBLES: readonly DnfTrouble[] = [
  {
    id: 'disk-full',
    when: 'a disk of the host is full',
    words: /No space left on device|more space (?:needed )?on the \S+ filesystem/g,
    message: 'The disk of this host is full',
    hint: 'Free some space there (`df -h` tells where), then run this again.',
  },
  {
    id: 'busy',
    when: 'another process holds the lock of dnf or rpm for longer than the wait',
    words: /^hookfleet: busy (?<pid>\S+) (?<command>.*\S) *$/gm,
    message: 'dnf or rpm of this host is busy: process {pid} ({command}) holds its lock',
    hint: 'Wait until it is done and run this again, or wait longer with --dnf-lock-wait.',
  },
  {
    id: 'no-package-manager',
    when: 'the host has neither dnf nor yum',
    words: /^neither dnf nor yum is on this host$/gm,
    message: 'Neither dnf nor yum is on this host',
    hint: 'Packages can be kept on hosts of the EL family alone; take this host out of the play.',
  },
  {
    id: 'yum-3',
    when: 'the host has yum 3 (EL 7 and older)',
    words: /no such option: -/g,
    message: 'The dnf or yum of this host is too old to change a package alone',
    hint: 'hookfleet needs dnf 4, which EL has since release 8; install the package by hand there.',
  },
  {
    id: 'no-repositories',
    when: 'no repository is enabled',
    words: /There are no enabled repositories/g,
    message: 'No repository of this host is enabled; nothing was touched',
    hint: 'Look at `dnf repolist --all` and at /etc/yum.repos.d on the host, or name one in `enablerepo:`.',
  },
  {
    id: 'unknown-repository',
    when: '`enablerepo` names a repository that the host does not have',
    words: /Unknown repo: '(?<repository>[^']+)'/g,
    message: 'This host has no repository {repository}',
    hint: '`dnf repolist --all` on the host lists those that there are.',
  },
  {
    id: 'no-metadata',
    when: 'a repository cannot be reached or read',
    words: /Failed to download metadata for repo '(?<repository>[^']+)'/g,
    message: 'The repository {repository} of this host cannot be read',
    hint: '`dnf makecache` on the host shows why. Where the package is not from there, `disablerepo: [{repository}]` goes round it.',
  },
];

/** Of signatures: dnf ends with `GPG check FAILED`, whatever the reason. */
export const SIGNATURE_TROUBLES: readonly DnfTrouble[] = [
  {
    id: 'unsigned',
    when: 'the package is not signed, and signatures are checked',
    words: /Package (?<package>\S+) is not signed/g,
    message: '{package} is not signed, and this host takes signed packages alone',
    hint: 'Sign it (`rpmsign --addsign`), or set `gpgcheck: false` for its repository if you must.',
  },
  {
    id: 'key-expired',
    when: 'the key that signed the package has expired',
    words:
      /(?:[Kk]ey|[Ss]ignature|[Cc]ertificate)\b.{0,200}(?:has expired|is expired|EXPIRED|not alive|not live)/g,
    and: /GPG check FAILED/,
    message: 'The key that signed the package has expired',
    hint: 'Get the renewed key from whoever signs, remove the old one (`rpm -qa gpg-pubkey*`) and import the new one.',
  },
  {
    id: 'key-wrong',
    when: 'the repository’s key is there, but another key signed the package',
    words:
      /The GPG keys listed for the "(?<repository>[^"]+)" repository are already installed but they are not correct|wrong key\(s\)\?/g,
    message: 'The package is not signed with the key of {repository|its repository}',
    hint: 'Compare `rpm -K -v` of the package with the keys that the host trusts (`rpm -qa gpg-pubkey*`); give the right `gpgkey:`.',
  },
  {
    id: 'key-missing',
    when: 'the key that signed the package is not on the host',
    words:
      /Public key for (?<package>\S+) is not installed|you do not have any GPG public keys installed|GPG key retrieval failed/g,
    message: 'The key that signed {package|the package} is not on this host',
    hint: 'Give `gpgkey:` to its repository, or import the key there: `rpm --import FILE`.',
  },
  {
    id: 'bad-signature',
    when: 'the signature does not fit the package, or cannot be checked',
    words: /GPG check FAILED|Problem opening package (?<package>\S+)|(?:digest|signature)[^\n]*: BAD/gi,
    message: 'The signature of {package|the package} could not be verified',
    hint: '`rpm -K -v` on the host says why; a damaged download goes with `dnf clean packages`.',
  },
];
