/** What a key of a playbook is for. */
export interface KeyNote {
  /** For editors and the reference: what it does, with what holds where it is left out. Markdown without links. */
  readonly meaning: string;
  /** A value, as it would be written behind the key, on one line of YAML. */
  readonly example: string;
}

/** By key. */
export type KeyNotes = Readonly<Record<string, KeyNote>>;
