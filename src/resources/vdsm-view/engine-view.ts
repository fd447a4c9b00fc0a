import type { Change } from '../../core/change.ts';
import type { HookDigests } from './vdsm-view-found.ts';

/** The resource of a {@link Change} to what an engine has recorded of a host. */
export const ENGINE_VIEW = 'engine-view';

/** A hook script as an engine has it on record. */
export interface RecordedHook {
  readonly event: string;
  readonly name: string;
  /** SHA-256 in hexadecimal digits; an engine or a VDSM before 4.4 has an MD5 sum. */
  readonly checksum: string;
}

/**
 * What an engine has on record of a host's hooks, where that differs from what VDSM sees. The engine is told of hooks
 * when it reads a host's capabilities, and does not ask again while the host is up (engine: HostMonitoring.java).
 *
 * The engine keeps file names without their blanks (engine: VdsHooksParser.java). A sum that is no SHA-256 is not
 * compared.
 */
export function staleView(seen: HookDigests, recorded: readonly RecordedHook[]): readonly Change[] {
  const now = new Map([...seen].map(([name, digest]) => [name.replaceAll(' ', ''), digest]));
  const then = new Map(recorded.map(({ event, name, checksum }) => [`${event}/${name}`, checksum]));
  const names = [...new Set([...now.keys(), ...then.keys()])].toSorted();
  return names
    .filter(name => !isSame(now.get(name), then.get(name)))
    .map(name => ({
      resource: ENGINE_VIEW,
      id: name,
      action: 'refresh',
      before: shown(then.get(name)),
      after: shown(now.get(name)),
    }));
}

/** Scripts whose names the engine cannot keep: they spoil what it has on record of the whole host. */
export function unkeepable(seen: HookDigests): readonly string[] {
  return [...seen.keys()].filter(name => /[=,{}]/.test(name)).toSorted();
}

function isSame(now: string | null | undefined, then: string | undefined): boolean {
  if (now === undefined || then === undefined) {
    return now === then;
  }
  return now === null || (then !== '' && !/^[0-9a-f]{64}$/.test(then)) || now === then;
}

function shown(digest: string | null | undefined): string | null {
  if (digest === undefined) {
    return null;
  }
  return digest === null || digest === '' ? 'content unknown' : `sha256 ${digest}`;
}
