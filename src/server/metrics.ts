import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LogTarget } from './log.ts';

/** What is measured: by route pattern, never by what stands in its place. No name of a project or a secret is in it. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: 'secrets_http_requests_total',
    help: 'Requests that were answered',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });
  readonly #seconds = new Histogram({
    name: 'secrets_http_request_duration_seconds',
    help: 'From the headers of a request to the end of its answer',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });
  readonly #inFlight = new Gauge({
    name: 'secrets_http_requests_in_flight',
    help: 'Requests that are being worked on',
    registers: [this.registry],
  });

  constructor(log: LogTarget) {
    collectDefaultMetrics({ register: this.registry });
    const dropped = new Counter({
      name: 'secrets_log_lines_dropped_total',
      help: 'Lines of the log that could not be written',
      registers: [this.registry],
      collect() {
        dropped.reset();
        dropped.inc(log.dropped ?? 0);
      },
    });
  }

  started(): void {
    this.#inFlight.inc();
  }

  answered(method: string, route: string, status: number, milliseconds: number): void {
    this.#inFlight.dec();
    this.#requests.inc({ method, route, status });
    this.#seconds.observe({ method, route }, milliseconds / 1000);
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
