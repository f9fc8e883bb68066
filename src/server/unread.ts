import type { ServerResponse } from 'node:http';

/**
 * Cuts off who does not take its answer. Node has limits for slow requests and idle connections only: a client that
 * reads a byte now and then would hold the answer, with all values in it, in memory for as long as it likes.
 */
export class Unread {
  readonly #limit: number;
  readonly #answers = new Map<ServerResponse, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(limit: number) {
    this.#limit = limit;
    this.#timer = setInterval(() => this.#look(), Math.min(1000, limit / 4)).unref();
  }

  watch(response: ServerResponse): void {
    this.#answers.set(response, 0);
    response.once('close', () => this.#answers.delete(response));
  }

  /** Each answer that is yet to begin tells its client that the connection ends with it. */
  announceEnd(): void {
    for (const response of this.#answers.keys())
      if (!response.headersSent) response.setHeader('connection', 'close');
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** The time counts from the first look at which the whole answer was handed over. */
  #look(): void {
    const now = performance.now();
    for (const [response, since] of this.#answers) {
      if (!response.writableEnded) continue;
      if (since === 0) this.#answers.set(response, now);
      else if (now - since > this.#limit) response.destroy();
    }
  }
}
