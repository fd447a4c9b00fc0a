import { HostError } from '../../core/failure.ts';
import type { Section } from '../../core/section.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import { groupBy } from '../group-by.ts';
import { type DnfOptions, dnfFunctions, LOCK_WAIT_SECONDS } from './dnf-shell.ts';
import { dnfTrouble } from './dnf-troubles.ts';

/** How an installed package stands to the newest version that could come in alone. */
export type Latest =
  | { readonly is: 'latest'; readonly held: boolean }
  | { readonly is: 'upgrade'; readonly held: boolean; readonly evr: string }
  | { readonly is: 'unknown'; readonly held: boolean };

/** The probes for those of the packages that are wanted as `latest`: one call of dnf for each set of options. */
export function latestProbes(
  wanted: readonly { readonly name: string; readonly state: string; readonly dnf?: DnfOptions }[],
): Sh[] {
  const groups = groupBy(
    wanted.filter(({ state }) => state === 'latest'),
    ({ dnf = {} }) => JSON.stringify(dnf),
  );
  return groups.map(group =>
    latestProbe(
      group.map(({ name }) => name),
      group[0]?.dnf ?? {},
    ),
  );
}

// A probe is over in 300 seconds, and there may be several such questions in it.
const MOST_WAIT = 60;

/**
 * Prints what dnf would upgrade the packages to, by the metadata that the host has already (`dnf -C`: no network; the EL
 * family refreshes them by dnf-makecache.timer), with the same guards as the transaction itself. Nothing is changed.
 * Where that cannot be told, a line says so; the exit code says nothing.
 */
function latestProbe(packages: readonly string[], options: DnfOptions): Sh {
  return sh`(
${lines([
  dnfFunctions({
    ...options,
    lockWaitSeconds: Math.min(options.lockWaitSeconds ?? LOCK_WAIT_SECONDS, MOST_WAIT),
  }),
  sh`printf '%s\n' ${packages} >"$work/wanted"`,
  sh`set -- $(rpm -q --qf '%{NAME}\n' -- ${packages} | grep -xF -f "$work/wanted" | sort -u)
[ $# -gt 0 ] || exit 0
guarded_upgrade() { guarded $asking upgrade -- "$@"; }
retry guarded_upgrade "$@"
for package do
  if grep -q '^Error: .*no cache for\|^Error: .*Cache-only' "$work/err"; then
    printf 'L\t%s\tunknown\n' "$package"
    continue
  fi
  awk -v name="$package" '$1 == "--->" && index($3, name ".") == 1 && index(substr($3, length(name) + 2), ".") == 0 &&
    /will be an upgrade$/ { print "L\t" name "\tupgrade\t" $4 }' "$work/out"
  ! grep -qF "cannot install the best update candidate for package $package-" "$work/out" "$work/err" ||
    printf 'L\t%s\theld\n' "$package"
done
if ! grep -q 'Operation aborted\|Nothing to do\|no cache for\|Cache-only' "$work/out" "$work/err"; then
  printf 'L\t\tfailed\n'
  complaint
fi`,
])}
) || printf 'L\t\tfailed\n'`;
}

/**
 * Reads the reply of {@link latestProbes}: an installed package that is not in it is the latest.
 * @throws {HostError} where dnf could not tell.
 */
export function readLatest(reply: Section): Map<string, Latest> {
  const latest = new Map<string, Latest>();
  for (const [, name = '', is, evr = ''] of reply.stdout.matchAll(/^L\t(.*?)\t(\w+)(?:\t(\S+))?$/gm)) {
    const held = is === 'held' || (latest.get(name)?.held ?? false);
    if (is === 'failed') {
      throw cannotTell(reply);
    }
    if (is === 'held') {
      latest.set(name, { ...(latest.get(name) ?? { is: 'latest' }), held });
    } else {
      latest.set(name, is === 'upgrade' ? { is, held, evr } : { is: 'unknown', held });
    }
  }
  return latest;
}

function cannotTell(reply: Section): HostError {
  const explanation = dnfTrouble(reply)?.explanation;
  return new HostError('failed', {
    kind: 'probe',
    step: 'probe',
    message: explanation?.message ?? 'dnf of this host could not tell which versions are the latest',
    command: 'dnf -C --assumeno upgrade',
    exitCode: reply.exitCode,
    stderr: reply.stdout.split('\tfailed\n')[1] || reply.stderr,
    hint: explanation?.hint ?? 'Look at what `dnf -C check-update` says on the host.',
  });
}
