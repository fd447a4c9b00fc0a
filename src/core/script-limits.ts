/** How long a host may take for one script; it ends a script itself that takes longer. In whole seconds, at least 1. */
export interface ScriptLimits {
  /** For a probe. */
  readonly probeSeconds: number;
  /** For each dnf transaction of a change; other steps have limits of their own, which add up. */
  readonly transactionSeconds: number;
}

/**
 * Probes read, and the engine's start a JVM or three. A transaction on a slow mirror takes minutes, and one that is ended
 * halfway leaves a database to be mended by hand.
 */
export const SCRIPT_LIMITS: ScriptLimits = { probeSeconds: 300, transactionSeconds: 1800 };
