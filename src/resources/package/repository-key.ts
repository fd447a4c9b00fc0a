import type { Change } from '../../core/change.ts';
import { Secret } from '../../core/secret.ts';
import type { Section } from '../../core/section.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import { placeFile } from '../files/place-file.ts';
import type { Explanation, Step } from '../resource.ts';
import { type PublicKey, readArmoredKeys } from './openpgp.ts';
import { keyPath } from './repository-file.ts';
import { keysOf, type RepositoriesFound } from './repository-found.ts';
import type { RepositoryKey, RepositoryPresent } from './repository-wanted.ts';
import { octal } from './rpm.ts';

/** A repository whose packages are checked against a key. */
export type SignedRepository = RepositoryPresent & { readonly key: RepositoryKey };

/** What is due before dnf may use a repository's key. */
export interface KeyPlan {
  /** Whether the key's file on the host must be written. */
  readonly place: boolean;
  /** Older copies in rpm's database, by the names that rpm gives them: it would keep them (rpm 4.18, run). */
  readonly outdated: readonly string[];
  readonly changes: readonly Change[];
}

/** Why a key is of no use, wherever it lies: one sentence's end; undefined for a good one. */
export function keyTrouble({ expires, revoked }: PublicKey, now: number): string | undefined {
  return revoked
    ? 'was revoked by its owner'
    : expires !== null && expires <= now
      ? `expired on ${day(expires)}`
      : undefined;
}

/** Holds a key's file and rpm's database against the key that is wanted. */
export function planKey({ id, key }: SignedRepository, found: RepositoriesFound): KeyPlan {
  const file = found.files.get(keyPath(id));
  const onDisk = file?.type === 'file' ? keysOf(file) : [];
  const wantedKeys = key.from === 'file' ? armoredKeys(key) : onDisk;
  const fingerprints = key.from === 'url' ? key.fingerprints : wantedKeys.map(one => one.fingerprint);
  const sameContent =
    key.from === 'file'
      ? file?.lines.join('\n') === key.armored.replace(/\n$/, '')
      : sameItems(
          onDisk.map(one => one.fingerprint),
          key.fingerprints,
        ) && onDisk.every(one => keyTrouble(one, found.now) === undefined);
  const stale = wantedKeys.flatMap(one => {
    const trusted = found.trusted.get(one.fingerprint);
    return trusted && (trusted.expires !== one.expires || trusted.revoked !== one.revoked) ? [trusted] : [];
  });
  const change = (action: string, before: string | null, after: string): Change => ({
    resource: 'repository',
    id: `${id} gpgkey`,
    action,
    before,
    after,
  });
  const writes =
    file?.type !== 'file' || !sameContent
      ? [change('write', file ? describe(onDisk, found.now) : null, fingerprints.join(' '))]
      : file.mode !== KEY_MODE || file.owner !== 'root:root'
        ? [change('mode', `${octal(file.mode)} ${file.owner}`, `${octal(KEY_MODE)} root:root`)]
        : [];
  return {
    place: writes.length > 0,
    outdated: stale.map(({ packageName }) => packageName),
    changes: [
      ...writes,
      ...fingerprints
        .filter(fingerprint => !found.trusted.has(fingerprint))
        .map(fingerprint => change('import', null, fingerprint)),
      ...stale.map(old => change('import', `an older copy of ${old.fingerprint}`, old.fingerprint)),
    ],
  };
}

const KEY_MODE = 0o644;

function armoredKeys({ armored }: { readonly armored: string }): readonly PublicKey[] {
  const read = readArmoredKeys(armored);
  return 'keys' in read ? read.keys : [];
}

function describe(keys: readonly PublicKey[], now: number): string {
  return keys.length === 0
    ? 'something else'
    : keys.map(key => [key.fingerprint, keyTrouble(key, now)].filter(Boolean).join(' ')).join(' ');
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.every(one => b.includes(one)) && b.every(one => a.includes(one));
}

/** A day as people write it, in UTC: 2020-01-11. */
function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/**
 * Brings the key to its place and into rpm's database, before dnf runs: `dnf -y` would import whatever `gpgkey` names
 * without asking (dnf 4.14, run). A key of a URL is compared first; nothing is written where it is another.
 */
export function keyStep(repository: SignedRepository, plan: KeyPlan): Step {
  const { id, key } = repository;
  const path = keyPath(id);
  const place = (content: Uint8Array | Sh) =>
    lines([sh`mkdir -p ./etc/pki/rpm-gpg`, placeFile({ path, content, mode: KEY_MODE, owner: 'root:root' })]);
  const parts = [
    ...(!plan.place
      ? []
      : key.from === 'file'
        ? [place(Buffer.from(key.armored))]
        : [fetchKey(repository, key), place(EXPORT)]),
    ...(plan.outdated.length > 0
      ? [
          sh`rpm -e --allmatches -- ${plan.outdated}`,
          sh`rpm --import "$ROOT"${path} || { echo 'hookfleet: gone' >&2; exit 1; }`,
        ]
      : [sh`rpm --import "$ROOT"${path}`]),
  ];
  return {
    title: `import the key of repository ${id}`,
    script: lines(parts),
    command: `rpm --import ${path}`,
    timeoutSeconds: 120,
    changes: plan.changes,
    explain: failed => explain(failed, repository),
  };
}

const EXPORT = sh`pgp --armor --export-options export-minimal --export $wanted`;

/**
 * Fetches a key, and lets only the keys with the wanted fingerprints through, each as gpg itself writes it: `rpm
 * --import` takes every key of a file (rpm 4.18, run), and shall see none that was not compared.
 */
function fetchKey(
  repository: SignedRepository,
  { url, fingerprints }: Extract<RepositoryKey, { from: 'url' }>,
): Sh {
  return sh`command -v gpg >/dev/null || { echo 'hookfleet: no gpg' >&2; exit 1; }
rm -rf -- ./run/.hookfleet-??????
dir=$(mktemp -d -- ./run/.hookfleet-XXXXXX)
trap 'gpgconf --homedir "$dir" --kill all >/dev/null 2>&1 || :; rm -rf -- "$dir"' EXIT
printf %s ${curlConfig(repository, url)} | curl -q -fsSL --max-time 60 --max-filesize 1000000 -o "$dir/key" -K -
pgp() { gpg --homedir "$dir" --batch --no-tty --quiet --no-options --trust-model always "$@"; }
pgp --import -- "$dir/key" 2>/dev/null || :
wanted=${fingerprints.join(' ')}
found= trouble=
while IFS=: read -r type validity _ _ _ _ until _ _ fingerprint _; do
  case $type$validity in
    pube) primary=1 trouble="expired $until" ;;
    pubr) primary=1 trouble=revoked ;;
    pub*) primary=1 ;;
    fpr*) [ -z "$primary" ] || found="$found $fingerprint"; primary= ;;
  esac
done <<KEYS
$(pgp --with-colons --fixed-list-mode --list-keys)
KEYS
for one in $found; do
  case " $wanted " in *" $one "*) ;; *) echo "hookfleet: fingerprint$found" >&2; exit 1 ;; esac
done
for one in $wanted; do
  case "$found " in *" $one "*) ;; *) echo "hookfleet: fingerprint$found" >&2; exit 1 ;; esac
done
[ -z "$trouble" ] || { echo "hookfleet: $trouble" >&2; exit 1; }`;
}

/** What curl is to know, for its stdin: its arguments could be read by everybody on the host. */
function curlConfig(repository: SignedRepository, url: string): Secret {
  const { proxy, username, password, proxy_username: proxyUser, proxy_password: proxyPassword } = repository;
  const login = (user: string, secret: Secret | undefined) => `${user}:${secret?.reveal() ?? ''}`;
  const options: readonly (readonly [string, string | undefined])[] = [
    ['url', url],
    ['proxy', proxy === '_none_' ? undefined : proxy],
    ['noproxy', proxy === '_none_' ? '*' : undefined],
    ['proxy-user', proxyUser && login(proxyUser, proxyPassword)],
    // The login is for the repository's own server and no other.
    ['user', username && isSameServer(repository, url) ? login(username, password) : undefined],
    ['cacert', repository.sslcacert],
    ['cert', repository.sslclientcert],
    ['key', repository.sslclientkey],
  ];
  return new Secret(
    [
      ...options.flatMap(([option, value]) =>
        value === undefined || value === '' ? [] : [`${option} = "${value.replace(/["\\]/g, '\\$&')}"`],
      ),
      ...(repository.sslverify === false ? ['insecure'] : []),
      '',
    ].join('\n'),
  );
}

function isSameServer({ baseurl = [], metalink, mirrorlist }: RepositoryPresent, url: string): boolean {
  const origin = (text: string) => /^https?:\/\/[^/]+/i.exec(text)?.[0].toLowerCase();
  return [...baseurl, metalink, mirrorlist].some(
    one => one !== undefined && origin(one) !== undefined && origin(one) === origin(url),
  );
}

function explain({ stderr }: Section, { id, key }: SignedRepository): Explanation | undefined {
  const [, word, rest = ''] =
    /^hookfleet: (no gpg|fingerprint|expired|revoked|gone) ?(.*)$/m.exec(stderr) ?? [];
  const from = key.from === 'url' ? key.url : key.file;
  const none = 'nothing was imported and nothing was written';
  switch (word) {
    case 'no gpg':
      return {
        message: `The key of repository ${id} cannot be compared: there is no gpg on this host; ${none}`,
        hint: 'Install gnupg2 there, or put the key beside the playbook and name that file as gpgkey.',
      };
    case 'fingerprint':
      return {
        message: `The key of repository ${id} is another one: ${from} has ${rest === '' ? 'no key' : rest}, and the playbook wants ${key.from === 'url' ? key.fingerprints.join(' ') : 'its own'}; ${none}`,
        hint: 'Ask the owner of the repository, on another way than this URL, which fingerprint is right, and correct gpgkey_fingerprint only then.',
      };
    case 'expired':
      return { ...unusable(id, from, `expired on ${day(Number(rest))}`), hint: RENEW };
    case 'revoked':
      return { ...unusable(id, from, 'was revoked by its owner'), hint: RENEW };
    case 'gone':
      return {
        message: `rpm of this host did not take the new copy of the key of repository ${id}, and the older copy is gone from its database: it trusts neither now`,
        hint: `See what \`rpm --import ${keyPath(id)}\` says on the host; run this again once it would take it.`,
      };
  }
  const curl = /^curl: \(\d+\) (.+)$/m.exec(stderr)?.[1];
  return curl === undefined
    ? undefined
    : {
        message: `The key of repository ${id} cannot be fetched from ${from}: ${curl}; ${none}`,
        hint: `Try \`curl -fL ${from}\` on the host; proxy and certificates are those of the repository.`,
      };
}

const RENEW = 'Get the renewed key from the owner of the repository, and give that.';

/** The message for a key that rpm 4.18 would take without a word (run), and newer ones would refuse in the middle of a transaction. */
export function unusable(id: string, from: string, trouble: string): Explanation {
  return { message: `The key of repository ${id} (${from}) ${trouble}`, hint: RENEW };
}
