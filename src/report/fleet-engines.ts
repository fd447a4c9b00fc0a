/** The custom properties of one engine, by cluster level. */
export interface FleetEngine {
  /** The name of its host. */
  readonly host: string;
  readonly levels: readonly string[];
  readonly properties: readonly FleetProperty[];
  /** Stored values that cannot be read as the engine reads them, as `KEY LEVEL`. */
  readonly unreadable: readonly string[];
}

export interface FleetProperty {
  readonly name: string;
  /** `vm`, `network`, or `device` and its type. */
  readonly where: string;
  /** The hooks of the catalogue that read it. */
  readonly hooks: readonly string[];
  /** One a level, in the order of the levels. */
  readonly cells: readonly PropertyCell[];
}

/**
 * A property at one level. `missing`, `differs` and `extra` are drift: not there, another expression, should not be
 * there; `changed` is what the run has set or taken away; `none` is neither there nor wanted.
 */
export interface PropertyCell {
  readonly state: 'ok' | 'changed' | 'missing' | 'differs' | 'extra' | 'none';
  /** The expression that the engine has; null for none. */
  readonly found: string | null;
  /** What it should be, or in `changed` what it was. */
  readonly other: string | null;
}
