const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A secret value from the moment it is read to the moment it is written out. `reveal()` is the only way to the text;
 * everything that would print it by accident (string templates, JSON, inspect) prints `[redacted]`.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value itself. Call it where the value leaves the program, and nowhere before. */
  reveal(): string {
    return this.#text;
  }

  /** Whether both hold the same text, without either leaving its box. */
  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspect](): string {
    return '[redacted]';
  }
}
