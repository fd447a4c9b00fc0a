/** What stands where a secret would be shown. */
export const REDACTED = '[redacted]';

/**
 * A text that must never be seen: not in a log, a report, an error or an argument list. It shows itself as
 * `[redacted]` wherever it is printed, put into a string or made into JSON; only {@link Secret.reveal} gives it away.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
