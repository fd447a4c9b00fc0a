/** What was waited for in vain: the first `sh`, sudo, or the end of the script. */
export type Waited = 'shell' | 'sudo' | 'script';

/** How long one exec is waited for. */
export interface Patience {
  /** Aborted when it is at its end. */
  readonly signal: AbortSignal;
  readonly ranOut: Waited | undefined;
  /** Tells how far the host has come. */
  reached(point: { readonly shell: boolean; readonly root: boolean }): void;
  /** No longer needed. */
  dispose(): void;
}

export interface PatienceLimits {
  /** For the login shell to begin, and again for sudo. */
  readonly shellMs: number;
  /** For all of it. */
  readonly scriptMs: number;
  readonly sudo: boolean;
}

/** The longest that a timer of Node can wait, almost 25 days; a longer one would be over at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Starts the clocks. That the script begins is not timed: a large one takes long to arrive. */
export function startPatience({ shellMs, scriptMs, sudo }: PatienceLimits): Patience {
  const controller = new AbortController();
  let ranOut: Waited | undefined;
  const wait = (what: Waited, ms: number) =>
    setTimeout(
      () => {
        ranOut ??= what;
        controller.abort();
      },
      Math.min(ms, LONGEST_MS),
    );
  const script = wait('script', scriptMs);
  let stage: Waited = 'shell';
  let start = wait('shell', shellMs);
  return {
    signal: controller.signal,
    get ranOut() {
      return ranOut;
    },
    reached({ shell, root }) {
      const next = shell && sudo && !root ? 'sudo' : shell ? 'script' : 'shell';
      if (next !== stage) {
        clearTimeout(start);
        stage = next;
        if (next === 'sudo') {
          start = wait('sudo', shellMs);
        }
      }
    },
    dispose() {
      clearTimeout(script);
      clearTimeout(start);
    },
  };
}
