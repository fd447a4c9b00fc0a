import type { KeyNotes } from './key-note.ts';

/** Of an item of `packages`. */
export const PACKAGE: KeyNotes = {
  name: { meaning: 'the package', example: 'vhostmd' },
  state: { meaning: '`present` (unless given), `absent` or `latest`', example: 'latest' },
  version: { meaning: 'a version, or a range of them', example: '">=4.50 <4.60"' },
  allow_downgrade: {
    meaning: 'whether a newer version may be replaced by an older one; `false` unless given',
    example: 'true',
  },
  enablerepo: {
    meaning: 'repositories that are switched on for this package alone',
    example: '[site-testing]',
  },
  disablerepo: { meaning: 'repositories that are switched off for this package alone', example: 'epel' },
  rpm: {
    meaning: 'an rpm file beside the playbook that is pushed to the hosts',
    example: 'rpms/site-1.0.rpm',
  },
};

/** Of an item of `vdsm_hooks`. */
export const HOOK: KeyNotes = {
  ...PACKAGE,
  name: {
    meaning: 'a name of the catalogue, a package `vdsm-hook-…`, or with `source` or `rpm` a name of your own',
    example: 'diskunmap',
  },
  source: {
    meaning: 'a folder of `<event>/<name>` beside the playbook: a hook of your own',
    example: 'hooks/site_audit',
  },
  accept_risk: {
    meaning:
      '`true`: the hook may come where it can keep VMs from starting; without it the hook, or a host where that can be seen, is refused',
    example: 'true',
  },
};

/** Of an item of `libvirt_hooks`. */
export const LIBVIRT_HOOK: KeyNotes = {
  driver: { meaning: '`qemu`, `network` or `daemon`', example: 'qemu' },
  name: {
    meaning: 'the file in `/etc/libvirt/hooks/<driver>.d`; libvirt runs them in the order of their names',
    example: '10-audit',
  },
  source: { meaning: 'a script beside the playbook', example: 'hooks/10-audit' },
  operations: { meaning: 'what the script is for', example: '[prepare, release]' },
  state: {
    meaning: '`present` (unless given) or `absent`, which needs no `source` and no `operations`',
    example: 'absent',
  },
  dry_run: {
    meaning: '`lint`: the script is not called on a host before it is in place',
    example: 'lint',
  },
};

/** Of an item of `repositories`. */
export const REPOSITORY: KeyNotes = {
  id: {
    meaning: 'also the name of the file: `/etc/yum.repos.d/ID.repo`, wholly hookfleet’s',
    example: 'site-hooks',
  },
  state: { meaning: '`present` (unless given) or `absent`', example: 'absent' },
  name: { meaning: 'what dnf calls it; the id unless given', example: 'Hooks of our site' },
  baseurl: { meaning: 'where the packages are', example: '"https://repo.example.org/hooks/el9"' },
  metalink: { meaning: 'the same by a metalink', example: '"https://repo.example.org/metalink"' },
  mirrorlist: { meaning: 'the same by a list of mirrors', example: '"https://repo.example.org/mirrors"' },
  enabled: { meaning: 'as in dnf.conf(5)', example: 'false' },
  gpgcheck: { meaning: '`true` unless given; `false` is a note at every run', example: 'true' },
  repo_gpgcheck: { meaning: 'as in dnf.conf(5)', example: 'true' },
  gpgkey: {
    meaning: 'a key file beside the playbook, or a URL with `gpgkey_fingerprint`',
    example: 'files/RPM-GPG-KEY-site',
  },
  gpgkey_fingerprint: {
    meaning: 'of the key that a URL leads to',
    example: '"0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567"',
  },
  proxy: { meaning: 'as in dnf.conf(5)', example: '"http://proxy.example.org:3128"' },
  proxy_username: { meaning: 'as in dnf.conf(5)', example: 'hooks' },
  proxy_password: {
    meaning: 'text, `{ env: NAME }` or `{ file: PATH }`; the file on the host is then for root alone',
    example: '{ env: PROXY_PASSWORD }',
  },
  username: { meaning: 'as in dnf.conf(5)', example: 'hooks' },
  password: {
    meaning: 'text, `{ env: NAME }` or `{ file: PATH }`; the file on the host is then for root alone',
    example: '{ file: secrets/repo }',
  },
  sslverify: { meaning: 'as in dnf.conf(5)', example: 'true' },
  sslcacert: { meaning: 'a path on the hosts', example: '/etc/pki/site/ca.pem' },
  sslclientcert: { meaning: 'a path on the hosts', example: '/etc/pki/site/client.pem' },
  sslclientkey: { meaning: 'a path on the hosts', example: '/etc/pki/site/client.key' },
  priority: { meaning: 'as in dnf.conf(5), 1 to 99', example: '10' },
  includepkgs: { meaning: 'as in dnf.conf(5)', example: '["vdsm-hook-*"]' },
  excludepkgs: { meaning: 'as in dnf.conf(5)', example: '"kernel*"' },
  module_hotfixes: { meaning: 'as in dnf.conf(5)', example: 'true' },
  metadata_expire: { meaning: 'as in dnf.conf(5)', example: '6h' },
};
