/** How long a call to a server may take in all: its retries and the waits between them included. */
export class Deadline {
  readonly seconds: number;
  readonly #end: number;

  constructor(seconds: number) {
    this.seconds = seconds;
    this.#end = performance.now() + seconds * 1000;
  }

  /** Milliseconds that are left; zero when it has passed. */
  get left(): number {
    return Math.max(0, this.#end - performance.now());
  }
}
