import { HOOKS_ROOT } from '../../catalog/events.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';

/** Hook scripts by `event/name`, with the SHA-256 of what is in them; null where only the name is known. */
export type HookDigests = ReadonlyMap<string, string | null>;

/** The hook scripts of a host, as they lie there and as VDSM tells of them. */
export interface VdsmViewFound {
  /** What VDSM would run if it may: regular files, also behind links, that have an x bit. */
  readonly disk: HookDigests;
  /** Those that user vdsm may execute; null on a host without that user. */
  readonly mayRun: ReadonlySet<string> | null;
  readonly report: VdsmReport;
}

/** What `vdsm-client Host getCapabilities` said of hooks. */
export type VdsmReport =
  | { readonly kind: 'told'; readonly hooks: HookDigests }
  | { readonly kind: 'no-client' }
  | { readonly kind: 'no-answer'; readonly exitCode: number; readonly said: string };

/**
 * Prints the hook scripts of all event folders, then VDSM's capabilities as they come, to be read here. Asking for them
 * takes VDSM seconds, and it runs the hooks before_get_caps and after_get_caps for it.
 */
export function vdsmViewProbe(timeLimitSeconds: number): Sh {
  return sh`tab=$(printf '\t')
nl='
'
set --
for folder in .${HOOKS_ROOT}/*/; do
  for file in "$folder"*; do
    [ -f "$file" ] && [ -x "$file" ] || continue
    case $file in *"$tab"*|*"$nl"*) ;; *) set -- "$@" "$file" ;; esac
  done
done
if [ $# -gt 0 ]; then
  sha256sum -- "$@"
  if id -u vdsm >/dev/null 2>&1; then
    echo U
    runuser -u vdsm -- sh -c 'for script do [ -x "$script" ] && printf "X\t%s\n" "$script"; done' sh "$@"
  fi
fi
if command -v vdsm-client >/dev/null 2>&1; then
  caps=$(timeout -k 5 ${timeLimitSeconds} vdsm-client Host getCapabilities </dev/null)
  printf 'J\t%s\n' "$?"
  printf '%s\n' "$caps"
fi
exit 0`;
}

/** Reads what {@link vdsmViewProbe} printed. */
export function readVdsmView({ stdout, stderr }: Section): VdsmViewFound {
  const mark = /^J\t(\d+)\n/m.exec(stdout);
  const hooks = mark === null ? stdout : stdout.slice(0, mark.index);
  const disk = new Map<string, string>();
  const mayRun = new Set<string>();
  let hasUser = false;
  for (const line of hooks.split('\n')) {
    const [, escaped, digest, path = ''] = /^(\\?)([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (digest !== undefined) {
      disk.set(nameOf(escaped === '' ? path : path.replaceAll('\\\\', '\\')), digest);
    } else if (line.startsWith('X\t')) {
      mayRun.add(nameOf(line.slice(2)));
    } else if (line === 'U') {
      hasUser = true;
    }
  }
  return {
    disk,
    mayRun: hasUser ? mayRun : null,
    report:
      mark === null
        ? { kind: 'no-client' }
        : reportOf(Number(mark[1]), stdout.slice(mark.index + mark[0].length), stderr),
  };
}

/** What VDSM tells the engine when it is asked: its own report, and where there is none, what it would run by the disk. */
export function seenByVdsm({ disk, mayRun, report }: VdsmViewFound): HookDigests {
  return report.kind === 'told'
    ? report.hooks
    : new Map([...disk].filter(([name]) => mayRun === null || mayRun.has(name)));
}

function nameOf(path: string): string {
  return path.split('/').slice(-2).join('/');
}

function reportOf(exitCode: number, capabilities: string, stderr: string): VdsmReport {
  const hooks = exitCode === 0 ? hooksIn(capabilities) : undefined;
  return hooks === undefined ? { kind: 'no-answer', exitCode, said: stderr.trim() } : { kind: 'told', hooks };
}

/**
 * The hooks in VDSM's capabilities: `{event: {script: {checksum}}}` (vdsm: lib/vdsm/common/hooks.py, `installed`). Before
 * 4.40.1 the key was `md5`, with such a sum: then the names count alone. Undefined for what are no capabilities.
 */
function hooksIn(json: string): HookDigests | undefined {
  const capabilities = parsed(json);
  if (!isObject(capabilities) || !isObject(capabilities.hooks)) {
    return undefined;
  }
  return new Map(
    Object.entries(capabilities.hooks).flatMap(([event, scripts]) =>
      isObject(scripts)
        ? Object.entries(scripts)
            .filter(([name]) => !/[\t\n]/.test(name))
            .map(([name, about]) => [`${event}/${name}`, checksumOf(about)] as const)
        : [],
    ),
  );
}

function checksumOf(about: unknown): string | null {
  return isObject(about) && typeof about.checksum === 'string' ? about.checksum : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
