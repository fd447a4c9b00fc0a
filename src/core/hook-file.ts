/** One file of a hook of the site's own, as it shall lie on the hosts. */
export interface HookFile {
  /** The hook point: the name of its folder. */
  readonly event: string;
  readonly name: string;
  /** 0o755 for what runs, 0o644 for what stands beside it, such as a Python module. */
  readonly mode: number;
  /** Its bytes. */
  readonly base64: string;
  /** Hex. */
  readonly sha256: string;
  /** The programs that its `#!` line needs: a path, and behind `env` also a name of the PATH. */
  readonly programs: readonly string[];
}
