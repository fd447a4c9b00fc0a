import type { Section } from '../../core/section.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import { type PublicKey, readArmoredKeys, readBinaryKeys } from './openpgp.ts';
import { keyPath, readRepositoryFile, repositoryPath, sectionName } from './repository-file.ts';
import { type FileType, fileType, mustBeReadable } from './rpm.ts';

export interface RepositoriesFound {
  /** The host's own clock, in seconds since 1970. */
  readonly now: number;
  /** Each repository's own file, and its key's, by path; what is not there is not in it. */
  readonly files: ReadonlyMap<string, FoundFile>;
  /** The other files that define one of the repositories, by its id. */
  readonly elsewhere: ReadonlyMap<string, readonly string[]>;
  /** The keys that rpm trusts, by fingerprint. */
  readonly trusted: ReadonlyMap<string, TrustedKey>;
}

export interface FoundFile {
  readonly type: FileType;
  readonly mode: number;
  readonly owner: string;
  /** Lines of a regular file; in a `.repo` file digests stand for secrets. */
  readonly lines: readonly string[];
}

export interface TrustedKey extends PublicKey {
  /** What rpm calls it: `gpg-pubkey-ebe93c3e-6b001b78`. */
  readonly packageName: string;
}

/** Every place where dnf 4 and dnf 5 look for repositories (dnf.conf(5), "reposdir"; dnf5.conf(5)). */
const PLACES = sh`./etc/yum.repos.d/*.repo ./etc/yum/repos.d/*.repo ./etc/distro.repos.d/*.repo ./usr/share/dnf5/repos.d/*.repo ./etc/dnf/dnf.conf ./etc/yum.conf`;

/**
 * Prints what is there, each line with a letter in front: the time, the keys in rpm's database, the files, and where
 * else a repository's id is in use. What is secret in a file stays on the host; only its digest comes.
 */
export function repositoriesProbe(ids: readonly string[]): Sh {
  return lines([
    sh`command -v rpm >/dev/null || exit 127
date '+T	%s'
rpm -q gpg-pubkey --qf 'G	%{NAME}-%{VERSION}-%{RELEASE}\n[%{PUBKEYS}\n]E\n'
file() {
  stat --printf="F	%f	%U:%G	$1\n" -- ".$1" 2>/dev/null
  [ -f ".$1" ] && [ ! -h ".$1" ]
}
settings() {
  file "$1" || return 0
  hidden=
  while IFS= read -r line || [ -n "$line" ]; do
    case $hidden$line in
      hidden[[:space:]]*) line=' hidden' ;;
      *) hidden= ;;
    esac
    case $line in
      password[=\ \	]*|proxy_password[=\ \	]*)
        value=$(printf %s "\${line#*=}" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//' | sha256sum)
        printf 'L	%s=sha256:%s\n' "\${line%%[=[:space:]]*}" "\${value%% *}"
        hidden=hidden ;;
      *) printf 'L	%s\n' "$line" ;;
    esac
  done <".$1"
}
key() {
  file "$1" || return 0
  while IFS= read -r line || [ -n "$line" ]; do printf 'L	%s\n' "$line"; done <".$1"
}`,
    ...ids.flatMap(id => [sh`settings ${repositoryPath(id)}`, sh`key ${keyPath(id)}`]),
    sh`grep -HF ${ids.flatMap(id => ['-e', `[${id}]`])} -- ${PLACES} 2>/dev/null | while IFS= read -r line; do printf 'S	%s\n' "\${line#.}"; done
exit 0`,
  ]);
}

/** @throws {HostError} where the rpm database cannot be read. */
export function readRepositories(reply: Section): RepositoriesFound {
  mustBeReadable(reply, 'rpm -q gpg-pubkey');
  let now = 0;
  const files = new Map<string, FoundFile & { readonly lines: string[] }>();
  const elsewhere = new Map<string, string[]>();
  const trusted = new Map<string, TrustedKey>();
  let file: string[] = [];
  let packageName = '';
  let base64: string[] | undefined;
  for (const line of reply.stdout.split('\n')) {
    const [tag = '', ...fields] = line.split('\t');
    const [first = '', second = '', third = ''] = fields;
    if (tag === 'G') {
      packageName = first;
      base64 = [];
    } else if (base64 && line === 'E') {
      const read = readBinaryKeys(Buffer.from(base64.join(''), 'base64'));
      for (const key of 'keys' in read ? read.keys : []) {
        trusted.set(key.fingerprint, { ...key, packageName });
      }
      base64 = undefined;
    } else if (base64) {
      base64.push(line);
    } else if (tag === 'T') {
      now = Number(first);
    } else if (tag === 'F') {
      const bits = Number.parseInt(first, 16);
      file = [];
      files.set(third, { type: fileType(bits), mode: bits & 0o7777, owner: second, lines: file });
    } else if (tag === 'L') {
      file.push(fields.join('\t'));
    } else if (tag === 'S') {
      const [, path = '', text = ''] = /^(.*?):(\s*\[.*)$/.exec(fields.join('\t')) ?? [];
      const id = sectionName(text);
      if (id !== undefined && path !== repositoryPath(id)) {
        elsewhere.set(id, [...new Set([...(elsewhere.get(id) ?? []), path])]);
      }
    }
  }
  return { now, files, elsewhere, trusted };
}

/** The sections of a repository's own file, by name. */
export function sectionsOf(file: FoundFile): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return readRepositoryFile(file.lines);
}

/** The keys of a key's file; none where it holds something else. */
export function keysOf(file: FoundFile | undefined): readonly PublicKey[] {
  const read = readArmoredKeys(file ? `${file.lines.join('\n')}\n` : '');
  return 'keys' in read ? read.keys : [];
}
