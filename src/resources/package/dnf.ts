import type { Change } from '../../core/change.ts';
import type { Section } from '../../core/section.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import type { Explanation, Step } from '../resource.ts';
import { type DnfOptions, dnfFunctions, LOCK_WAIT_SECONDS } from './dnf-shell.ts';
import { dnfTrouble } from './dnf-troubles.ts';
import { chooseVersion, VERSION_FUNCTIONS } from './dnf-versions.ts';
import type { RpmFile } from './rpm-header.ts';
import type { VersionRange } from './version-range.ts';

export type DnfVerb = 'install' | 'upgrade' | 'downgrade' | 'remove' | 'reinstall';

/** Why a package may be in no repository at all, and what to do then; undefined where nothing is known of it. */
export type ExplainMissing = (packageName: string) => Explanation | undefined;

/** One package of a transaction. */
export interface DnfTarget {
  readonly name: string;
  /** `epoch:version-release.arch`, where it must be this very build; for `reinstall`. */
  readonly evra?: string;
  /** The versions that will do; any, unless said otherwise. */
  readonly range?: VersionRange;
  /** Where the package comes from, instead of a repository. */
  readonly rpm?: RpmFile;
  readonly changes: readonly Change[];
}

/**
 * One dnf transaction that changes its targets alone: new dependencies may come in, and no other installed package is
 * upgraded, downgraded or removed. Where that cannot be, nothing is touched and the step fails.
 */
export function dnfStep(
  verb: DnfVerb,
  targets: readonly DnfTarget[],
  options: DnfOptions = {},
  explainMissing: ExplainMissing = () => undefined,
): Step {
  const changes = targets.flatMap(target => target.changes);
  return {
    title: `${verb} ${targets.map(titleOf).join(' ')}`,
    script: lines([
      dnfFunctions(verb === 'remove' ? withoutRepositories(options) : options),
      ...(targets.some(({ range }) => range) ? [VERSION_FUNCTIONS] : []),
      transaction(verb, targets),
    ]),
    command: `dnf ${verb} ${targets.map(nameForDnf).join(' ')}`,
    timeoutSeconds: options.lockWaitSeconds ?? LOCK_WAIT_SECONDS,
    isTransaction: true,
    changes,
    explain(failed) {
      const found = dnfTrouble(failed);
      const missing = found?.trouble.id === 'no-package' ? found.packages.split(/[ ,]+/) : [];
      return missing.map(explainMissing).find(Boolean) ?? found?.explanation;
    },
    made: done => changesMade(verb, targets, done),
  };
}

function withoutRepositories({ lockWaitSeconds }: DnfOptions): DnfOptions {
  return lockWaitSeconds === undefined ? {} : { lockWaitSeconds };
}

function titleOf({ name, evra, range }: DnfTarget): string {
  if (evra !== undefined) {
    return `${name}-${evra}`;
  }
  return range === undefined ? name : `${name} ${range.text}`;
}

function transaction(verb: DnfVerb, targets: readonly DnfTarget[]): Sh {
  const ranged = targets.filter(({ rpm }) => rpm === undefined);
  return lines([
    sh`printf '%s\n' ${targets.map(({ name }) => name)} >"$work/wanted"`,
    ...targets.flatMap(({ rpm }) => (rpm ? [push(rpm)] : [])),
    ...(verb === 'remove' ? [sh`protected=others`, testRemoval(targets)] : [sh`status=0`]),
    ...ranged.flatMap(({ name, range }) => (range ? [chooseVersion(name, range)] : [])),
    sh`specs() { guarded "$@" -- ${targets.map(specOf)}; }`,
    sh`[ "$status" -ne 0 ] || retry specs -y ${verb}`,
    ...(verb === 'remove'
      ? []
      : ranged.flatMap(({ name, range }) => (range ? [insist(verb, name, range)] : []))),
    sh`cat "$work/out"; complaint >&2`,
    sh`[ "$status" -eq 0 ] || { ${diagnosis(verb, targets)}; exit "$status"; }`,
    COMPARE,
  ]);
}

function specOf(target: DnfTarget): Sh {
  return target.rpm ? sh`"$work"/${fileName(target.rpm)}` : sh`${nameForDnf(target)}`;
}

function nameForDnf({ name, evra, rpm }: DnfTarget): string {
  if (rpm) {
    return fileName(rpm);
  }
  return evra === undefined ? name : `${name}-${evra}`;
}

// mktemp's folder is root's alone and goes when the step ends, however it ends.
function push(rpm: RpmFile): Sh {
  return sh`printf %s ${rpm.base64} | base64 -d >"$work"/${fileName(rpm)}`;
}

function fileName({ name, evr, arch }: RpmFile): string {
  return `${name}-${evr.replace(/^\d+:/, '')}.${arch}.rpm`;
}

/** rpm's own word on what needs the packages: dnf would take it along. */
function testRemoval(targets: readonly DnfTarget[]): Sh {
  return sh`status=0
rpm -e --test --allmatches -- ${targets.map(({ name }) => name)} >"$work/out" 2>"$work/err" || status=$?`;
}

/** dnf leaves a package as it is, and calls that a success, where the wanted version does not fit; asked for the best, it says why. */
function insist(verb: DnfVerb, name: string, range: VersionRange): Sh {
  return sh`[ "$status" -ne 0 ] || fits ${name} ${range.text} || {
  calm="$calm --setopt=best=True"
  retry specs -y ${verb}
  fits ${name} ${range.text} || [ "$status" -ne 0 ] || status=1
}`;
}

/**
 * Facts that dnf's words leave out: why a repository may hide a package, and what dnf would do to other packages, or
 * stumbles over, without the guard (it is only asked).
 */
function diagnosis(verb: DnfVerb, targets: readonly DnfTarget[]): Sh {
  return sh`
  ! grep -qs '^VARIANT_ID="*ovirt-node' ./etc/os-release || echo 'hookfleet: ovirt-node'
  grep -rls '^includepkgs' ./etc/yum.repos.d | sed 's/^\./hookfleet: includepkgs /' || :
  ! grep -qs '^[^#]' ./etc/dnf/plugins/versionlock.list || echo 'hookfleet: versionlock'
  if grep -q '^ Problem' "$work/err"; then
    dnf $calm $asking --setopt=best=False $chosen ${verb} -- ${targets.map(specOf)} >"$work/out" 2>>"$work/err" || :
    sed -n 's/^---> Package \(.*\)\.\([^. ]*\) \([^ ]*\) will be \(upgraded\|downgraded\|obsoleted\|erased\)$/\1 \3 \4/p' "$work/out" >"$work/list"
    awk 'NR == FNR { wanted[$1]; next } !($1 in wanted) { print "hookfleet: would " $1 " " $2 " (" $3 ")" }' "$work/wanted" "$work/list"
    sed -n 's/^.* package \(\S*\)\( from \S*\)\? \(obsoletes\|conflicts with\) .* provided by \(\S*\)\( from \S*\)\?$/\1 \3 \4/p' "$work/err" | sort -u >"$work/list"
    while read -r clash; do ! rpm -q --quiet -- "\${clash##* }" || echo "hookfleet: clash $clash"; done <"$work/list"
    sed -n 's/^.*package \(\S*\)\( from \S*\)\? requires \(\S*\)\(.*\), but none of the providers.*$/\3 \1 \3\4/p' "$work/err" | sort -u >"$work/list"
    while read -r other package what; do
      ! has=$(rpm -q --qf '%{NAME}-%{VERSION}-%{RELEASE} ' -- "$other") || echo "hookfleet: has $has: $package $what"
    done <"$work/list"
  fi`;
}

// What the transaction really did, for the report; and whether it kept to its packages.
const COMPARE = sh`installed >"$work/after"
comm -13 "$work/before" "$work/after" | sed 's/^/hookfleet: now /'
comm -23 "$work/before" "$work/after" >"$work/gone"
sed 's/^/hookfleet: was /' "$work/gone"
cut -d' ' -f1 "$work/gone" | grep -xF -f "$work/others" >"$work/list" || exit 0
sed 's/^/hookfleet: changed /' "$work/list"
exit 1`;

function changesMade(verb: DnfVerb, targets: readonly DnfTarget[], done: Section): Change[] {
  const now = new Map<string, string>();
  const touched = new Set<string>();
  for (const [, when, name = '', evra = ''] of done.stdout.matchAll(/^hookfleet: (now|was) (\S+) (\S+)$/gm)) {
    touched.add(name);
    if (when === 'now') {
      now.set(name, evra);
    }
  }
  const wanted = new Set(targets.flatMap(({ name, changes }) => (changes.length > 0 ? [name] : [])));
  return [
    ...targets.flatMap(({ name, changes }) => {
      if (verb === 'reinstall') {
        return changes;
      }
      const evra = now.get(name);
      return touched.has(name)
        ? changes.map(change => ({ ...change, after: evra === undefined ? change.after : `${name}-${evra}` }))
        : [];
    }),
    ...[...now]
      .filter(([name]) => !wanted.has(name))
      .map(([name, evra]) => ({
        resource: 'package',
        id: name,
        action: 'install',
        before: null,
        after: `${name}-${evra}`,
      })),
  ];
}
