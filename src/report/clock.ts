/** Time, as a view needs it. */
export interface Clock {
  /** In milliseconds since 1970; never goes back. */
  now(): number;
  /** Calls back every `ms` milliseconds, until what it gives is called; keeps no program alive. */
  every(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  every(ms, callback) {
    const timer = setInterval(callback, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};
