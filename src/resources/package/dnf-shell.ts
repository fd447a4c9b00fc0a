import { lines, type Sh, sh } from '../../core/sh.ts';

/** How dnf is called for a package; Ansible's words. */
export interface DnfOptions {
  /** Repositories to switch on, or off, for this call alone; dnf takes patterns. */
  readonly enablerepo?: readonly string[];
  readonly disablerepo?: readonly string[];
  /** How long to wait for whoever holds dnf's or rpm's lock, in seconds; {@link LOCK_WAIT_SECONDS} unless said otherwise. */
  readonly lockWaitSeconds?: number;
}

/** How long a transaction waits for a lock where nobody says otherwise. */
export const LOCK_WAIT_SECONDS = 60;

/**
 * The shell functions that every call of dnf here goes through. They print what dnf says, and beside it facts for the
 * one who explains it: lines that begin with `hookfleet: `.
 *
 * - `retry command…`: runs it, its words into `$work/out` and `$work/err`, its exit code into `$status`; waits while
 *   another process holds dnf's or rpm's lock.
 * - `complaint`: what the command last retried had to complain of, without passwords.
 * - `guarded command…`: dnf so that it changes the packages named in `$work/wanted` alone. The repositories are left
 *   without every other installed package (so none is upgraded or downgraded), and every installed one is protected
 *   from removal, by Obsoletes too. The excludes are those of repositories: an exclude of the main section would hide
 *   the installed packages from the protection as well (dnf 4.14, run). The lists are files and cut arguments, since
 *   an argument holds 128 KiB at most (Linux: MAX_ARG_STRLEN).
 *
 * `best=False` takes the newest version that fits what is installed. `obsoletes=False` keeps dnf from installing what
 * obsoletes the package that was asked for. An admin's excludes, includes and protected packages stay.
 */
export function dnfFunctions({ enablerepo = [], disablerepo = [], lockWaitSeconds }: DnfOptions): Sh {
  const repositories = [
    ...disablerepo.map(repository => `--disablerepo=${repository}`),
    ...enablerepo.map(repository => `--enablerepo=${repository}`),
  ];
  return lines([
    FIND_DNF,
    sh`until=$(($(date +%s) + ${lockWaitSeconds ?? LOCK_WAIT_SECONDS}))`,
    sh`dnf() { "$dnf" --setopt=exit_on_lock=True ${repositories} "$@"; }`,
    LOCKS,
    COMPLAINT,
    GUARD,
  ]);
}

// Everything of ours lies in memory, so that a full disk can still be told.
const FIND_DNF = sh`dnf=$(command -v dnf || command -v yum) || { echo 'neither dnf nor yum is on this host' >&2; exit 127; }
set -f
work=$(mktemp -d "$ROOT"/run/hookfleet.XXXXXX) || exit 1
trap 'rm -rf -- "$work"' EXIT
trap 'exit 143' HUP INT TERM
chosen=`;

// dnf names the holder of its own locks; rpm does not, but the kernel knows who locked the file (proc(5), /proc/locks).
const LOCKS = sh`holder() {
  pid=$(sed -n 's/^.* already locked by \([0-9][0-9]*\)$/\1/p' "$work/err" | head -n 1)
  [ -z "$pid" ] || { echo "$pid"; return 0; }
  lock=$(sed -n 's/^.*create transaction lock on \(.*\) (.*$/\1/p' "$work/err" | head -n 1)
  inode=$(stat -c %i -- "$lock" 2>/dev/null) || return 0
  awk -v inode=":$inode" '$2 != "->" && index($6 " ", inode " ") { print $5; exit }' /proc/locks
}
retry() {
  while :; do
    status=0
    "$@" >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -ne 0 ] && grep -q 'already locked by\|create transaction lock on' "$work/err" || return 0
    pid=$(holder)
    [ "$(date +%s)" -lt "$until" ] || break
    sleep 2
  done
  command=
  [ -z "$pid" ] || command=$({ tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null) || command=
  printf 'hookfleet: busy %s %s\n' "\${pid:-?}" "\${command:-?}"
}`;

// Without any key on the host dnf prints all settings of the repository, its passwords included (dnf 4.14, run).
const COMPLAINT = sh`complaint() { sed '/^Problem repository: /q' "$work/err"; }`;

const GUARD = sh`installed() {
  rpm -qa --qf '%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\n' >"$work/list" || return 1
  sort -u "$work/list"
}
guard() {
  installed >"$work/before" || return 1
  cut -d' ' -f1 "$work/before" | sort -u | grep -vx gpg-pubkey >"$work/names" || return 1
  grep -vxF -f "$work/wanted" "$work/names" >"$work/others" || :
  cat "$work/$protected" >"$work/protected" || return 1
  [ ! -f ./etc/dnf/dnf.conf ] || sed -n 's/^protected_packages *= *//p' ./etc/dnf/dnf.conf | tr ', ' '\n\n' >>"$work/protected"
  guards=$(awk '{ line = line (NR % 400 == 1 ? "\n--setopt=*.excludepkgs=" : ",") $0 } END { print substr(line, 2) }' "$work/others")
  guards="$guards --setopt=protected_packages=glob:$work/protected,glob:/etc/yum/protected.d/*.conf,glob:/etc/dnf/protected.d/*.conf"
}
protected=names
calm='--setopt=best=False --setopt=strict=True --setopt=obsoletes=False --setopt=clean_requirements_on_remove=False --setopt=disable_excludes= --setopt=localpkg_gpgcheck=True'
# Nothing but an answer: from the cache, and whatever the host's dnf.conf says about yes and no.
asking='-C -v --assumeno --setopt=assumeyes=False --setopt=defaultyes=False --setopt=tsflags=test'
guarded() {
  guard || return 1
  dnf $calm $guards $chosen "$@"
}`;
