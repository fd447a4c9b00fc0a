/** Custom properties as an engine stores them: by key of engine-config, then by cluster level. */
export type EngineValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What an engine had before a run wrote its first value. The same lies on the engine's own disk, under the run's id. */
export interface EngineBefore {
  /** The id of the run. */
  readonly run: string;
  readonly values: EngineValues;
}

/** The run that changes an engine, as its lock and its history name it. */
export interface EngineRun {
  /** Unique; begins with the time, so that ids sort by age: `20261120T121829Z-3f9c`. */
  readonly id: string;
  /** Who and where: `ann@admin-01, process 4711`. */
  readonly holder: string;
}
