/** What Python's `literal_eval` yields: `bigint` for int, `number` for float, an array for list and tuple, a Map for dict. */
export type PythonValue =
  | PythonScalar
  | readonly PythonValue[]
  | ReadonlyMap<PythonScalar, PythonValue>
  | Unprintable;

export type PythonScalar = string | bigint | number | boolean | null;

/** A value that Python reads but JSON cannot hold: `ansible-inventory` itself breaks off there. */
export interface Unprintable {
  /** What it is: `a set`. */
  readonly unprintable: string;
  /** Of bytes, the text in them: bytes alone become text, within a list they stay bytes. */
  readonly decoded?: string;
}
