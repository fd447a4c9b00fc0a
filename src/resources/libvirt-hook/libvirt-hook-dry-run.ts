import type { HookCall } from '../../catalog/libvirt-gates.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import { FENCE } from './libvirt-hook-fence.ts';
import { RUNNER } from './libvirt-hook-runner.ts';
import { NAME_HERE, SAMPLES, UUID_HERE } from './libvirt-hook-samples.ts';

/** The exit codes of {@link dryRun} and of the look at the syntax. */
export const REFUSED = 77;
export const NOT_FENCED = 78;
export const BAD_SYNTAX = 79;

/** An operation that no libvirt knows: a hook lets it pass, as it has to let pass those of later versions. */
export const UNKNOWN_OPERATION = 'hookfleet-unknown';

/** What a dry run is of. */
export interface DryRun {
  /** `qemu.d/10-audit`, below the folder of hooks. */
  readonly target: string;
  /** Its first argument: a made-up name, or `-`. */
  readonly object: 'name' | '-';
  readonly calls: readonly HookCall[];
}

/**
 * Calls the staged hook `$new` in the fence, for each call and for an operation that does not exist, as root and as an
 * ordinary user. It fails with {@link REFUSED} where a call went wrong and with {@link NOT_FENCED} where nothing was run;
 * what the runner said goes to stdout. A part of a step under `set -e`, which removes the folder `$work` at its end.
 */
export function dryRun({ target, object, calls }: DryRun): Sh {
  const unknown = {
    operation: UNKNOWN_OPERATION,
    subOperation: 'begin',
    extra: '-',
    stdin: 'domain',
  } as const;
  const stdin = calls[0]?.stdin ?? 'none';
  return sh`target=${target}
work=$(mktemp -d ./run/hookfleet.XXXXXX)
chmod 0755 "$work"
mkdir -p -m 0755 "$work/libvirt" "$work/libvirt/hooks" "$work/libvirt/hooks/\${target%/*}"
: >"$work/libvirt/hooks/$target"
# Where others cannot go to, an ordinary user is shown a folder of its own with the hook in it.
[ -z "$(find ./etc/libvirt ./etc/libvirt/hooks -maxdepth 0 ! -perm -0001)" ] || : >"$work/closed"
${prepareCalls(object, [...calls, { ...unknown, stdin }])}
for one in root nobody; do
  said=$(fence "$one" 2>"$work/trouble") || :
  case $said in
    *"V$(printf '\t')$one$(printf '\t')"*)
      printf '%s\n' "$said"
      words=$(printf '%s\n' "$said" | cut -f 8 | base64 -d)
      printf '%s\n' "\${words:-It wrote nothing to stderr.}" >&2
      exit ${REFUSED} ;;
    "E$(printf '\t')$one") ;;
    *)
      printf '%s\n' "$said"
      cat "$work/trouble" >&2
      exit ${NOT_FENCED} ;;
  esac
done`;
}

/**
 * Defines the function `fence`, and puts into the folder `$work`, which is there, what it needs for these calls of a hook;
 * leaves in `$object` the first argument of the hook.
 */
export function prepareCalls(object: DryRun['object'], calls: readonly HookCall[]): Sh {
  return sh`while :; do
  uuid=$(cat ./proc/sys/kernel/random/uuid)
  name=hookfleet-dry-run-\${uuid%%-*}
  [ -e ./etc/libvirt/qemu/"$name".xml ] || [ -e ./run/libvirt/qemu/"$name".xml ] || [ -e ./etc/libvirt/qemu/networks/"$name".xml ] || break
done
object=${object === '-' ? '-' : sh`$name`}
sample() { sed "s/${NAME_HERE}/$name/g; s/${UUID_HERE}/$uuid/g" >"$work/$1"; }
${lines(Object.entries(SAMPLES).map(([kind, text]) => sh`printf '%s' ${text} | sample ${fileOf(kind)}`))}
printf '%s\n' ${RUNNER.text} >"$work/runner"
printf '%s\t%s\t%s\t%s\n' ${calls.flatMap(one => [one.operation, one.subOperation, one.extra, fileOf(one.stdin)])} >"$work/calls"
chmod -R a+rX "$work"
${FENCE}`;
}

/** Lets the shell that the staged hook `$new` is written for read it, without running it. */
export function readBy(shell: string): Sh {
  return sh`if said=$("$(command -v ${shell})" -n "$new" 2>&1 </dev/null); then :; else
  printf '%s\n' "$said" | sed "s|[^ ]*/\${new##*/}|the script|g" >&2
  exit ${BAD_SYNTAX}
fi`;
}

function fileOf(stdin: string): string {
  return stdin.replaceAll(' ', '-');
}
