import hooks from './hooks.json' with { type: 'json' };
import type { Release } from './releases.ts';

/** A script of a hook in the folder of a VDSM event: a file with its mode, or a link. All belong to root:root. */
export interface HookScript {
  /** The VDSM hook point, which is also the folder's name. */
  readonly event: string;
  readonly file: string;
  /** Octal, four digits; a link has none. */
  readonly mode?: string;
  /** Where a link points, as it is written in the package. */
  readonly link?: string;
}

/** Custom properties that a hook reads: name to regular expression (Java's, matched against the whole value). */
export interface HookProperties {
  /** Of the engine's key UserDefinedVMProperties. */
  readonly vm: Readonly<Record<string, string>>;
  /** By device type; of the engine's key CustomDeviceProperties. */
  readonly device: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of the engine's key UserDefinedNetworkCustomProperties. */
  readonly network: Readonly<Record<string, string>>;
}

/**
 * A condition of a host under which a hook keeps every VM from starting: python3 has no module guestfs (fileinject imports
 * it before it looks at its property), or /etc/vhostmd/vhostmd.conf is missing or no XML (vhostmd parses it always).
 */
export type HostRisk = 'no-guestfs' | 'no-vhostmd-conf';

/** What is known about one hook. Names of files, packages and properties follow no rule: they are read here, never computed. */
export interface Hook {
  /** The folder's name below vdsm_hooks in VDSM's source; for an external hook the name of its script. */
  readonly name: string;
  /** For a site's own folder of scripts, which comes in no package, its name. */
  readonly package: string;
  /** `removed`: no longer part of VDSM; `external`: never was, but found on ordinary hosts; `site`: of the site's own catalogue. */
  readonly status: 'current' | 'removed' | 'external' | 'site';
  /** The folder of `<event>/<name>` that a site's own hook is copied from, as an absolute path. */
  readonly source?: string;
  /** What it is about, in at most 35 characters: a line of a table. */
  readonly brief: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** First VDSM tag and oVirt release with it; a site need not know it of its own hooks. */
  readonly since?: Release;
  /** What its own documentation names as the oldest version for it, where it does: `oVirt 3.5`, `cluster level 3.2`. */
  readonly documentedSince?: string;
  /** For a removed hook: the first VDSM tag without it, the last one and the last oVirt release with it, the commit. */
  readonly removed?: {
    readonly sinceVdsm: string;
    readonly lastVdsm: string;
    readonly lastOvirt: string;
    readonly commit: string;
  };
  /** Today's way to do what a removed hook did. */
  readonly replacement?: string;
  readonly files: readonly HookScript[];
  /** What the package installs outside the event folders, or beside the scripts: helpers, sudoers, units. */
  readonly otherFiles: readonly { readonly path: string; readonly mode: string }[];
  readonly properties: HookProperties;
  /**
   * Who wrote the expressions of its properties: its README, its script's own comment, oVirt's documentation, the
   * engine, or, where upstream gives none, hookfleet; of a site's own hook the site.
   */
  readonly expressionsFrom?: 'README' | 'script' | 'documentation' | 'engine' | 'hookfleet' | 'site';
  /** Those of its properties that an engine defines by itself. */
  readonly predefined: readonly string[];
  /** Packages that its package requires. */
  readonly requires: readonly string[];
  /** Packages that its package refuses to be installed beside, under the names it gives them. */
  readonly conflicts: readonly string[];
  /** What has to be there or to be set on a host besides the package. */
  readonly hostSetup: readonly string[];
  /** Why it does not work as shipped in the newest VDSM. */
  readonly broken?: string;
  /** The first VDSM tag that has the defect, where that is known. */
  readonly brokenSince?: string;
  /** What it does where its property is not set, where that is harmless by itself. */
  readonly withoutProperty?: string;
  /** What it does to VMs that do not use its property. */
  readonly danger?: string;
  /**
   * Where that keeps VMs from starting, so that the hook is refused there unless the risk is accepted: on every host, or
   * on one where a condition holds that can be seen. Left out, the danger is only warned of.
   */
  readonly refusedWhere?: 'everywhere' | HostRisk;
  /** What else an operator should know. */
  readonly notes: readonly string[];
}

/**
 * VDSM's hooks, those that were removed, and the ones that ordinary hosts carry from elsewhere.
 * From vdsm 4.50.7 and its history (vdsm_hooks/, vdsm.spec.in) and from ovirt-provider-ovn.
 */
export const HOOKS: readonly Hook[] = hooks as readonly Hook[];

/** The hooks that are known: those above, and those that a site adds. */
export interface Catalog {
  readonly hooks: readonly Hook[];
  /** The hook of that name or of that package, or undefined. */
  find(nameOrPackage: string): Hook | undefined;
  /** The folder that the site's own hooks were read from; undefined where there is none. */
  readonly folder?: string;
}

/** The catalogue with a site's own hooks behind the others; their names and packages must be new. */
export function makeCatalog(own: readonly Hook[] = [], folder?: string): Catalog {
  const hooks = [...HOOKS, ...own];
  const byName = new Map(hooks.flatMap(hook => [[hook.package, hook] as const, [hook.name, hook] as const]));
  return { hooks, find: name => byName.get(name), ...(folder === undefined ? {} : { folder }) };
}

/** What hookfleet knows by itself. */
export const BUILT_IN: Catalog = makeCatalog();

/** The hook of that name or of that package that hookfleet knows by itself, or undefined. */
export function findHook(nameOrPackage: string): Hook | undefined {
  return BUILT_IN.find(nameOrPackage);
}
