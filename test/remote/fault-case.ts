/** One thing that goes wrong between the login and the end of a script, and what is said of it. */
export interface FaultCase {
  readonly id: string;
  readonly fault: string;
  readonly outcome: 'unreachable' | 'failed';
  readonly kind: string;
  /** `USER`, `N` and `M` (numbers) and `RULE` (of sudoers) stand for what differs; so does `…` for a cause that may follow. */
  readonly message: string;
  readonly hint: string;
}

export interface FaultGroup {
  readonly title: string;
  readonly cases: readonly FaultCase[];
}
