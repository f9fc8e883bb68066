import type { Measured } from './server-measure.mts';
import type { Sample } from './server-memory.mts';

/** A table in Markdown. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export interface Cell {
  readonly name: string;
  readonly connections: number;
  readonly floor: Measured;
  readonly server: Measured;
}

/** Of the load's time: above, it may be what limits the rate. */
const loaded = 0.95;

/** The server beside the floor; `aim` is the share of it that is aimed at for reads. */
export function cellTable(cells: readonly Cell[], aim: number): string {
  const head = [
    'request',
    'connections',
    'a second',
    'floor',
    'share',
    'p50 ms',
    'p99 ms',
    'floor p50',
    'floor p99',
  ];
  const rows = cells.map(({ name, connections, floor, server }) => [
    name,
    String(connections),
    rate(server),
    rate(floor),
    share(server.rate / floor.rate, name.startsWith('write') ? undefined : aim),
    ...[server.p50, server.p99, floor.p50, floor.p99].map((ms) => ms.toFixed(2)),
    `${server.cpu.toFixed(0)} / ${floor.cpu.toFixed(0)}`,
  ]);
  return markdown([...head, 'CPU µs'], rows);
}

export interface Grown {
  readonly connections: number;
  readonly empty: Measured;
  readonly grown: Measured;
}

export function growthTable(name: string, all: readonly Grown[]): string[][] {
  return all.map(({ connections, empty, grown }) => [
    name,
    String(connections),
    rate(empty),
    rate(grown),
    (empty.rate / grown.rate).toFixed(2),
    empty.p50.toFixed(2),
    grown.p50.toFixed(2),
    (grown.p50 / empty.p50).toFixed(2),
  ]);
}

export const growthHead = [
  'store',
  'connections',
  'empty, a second',
  'grown, a second',
  '× the time (aim 1.5)',
  'empty p50 ms',
  'grown p50 ms',
  '× p50',
];

export function memoryTable(
  rows: readonly { name: string; samples: readonly Sample[]; slope: number }[],
): string {
  const steps = rows[0]!.samples.map(({ requests }) => `${requests / 1000}k`);
  return markdown(
    ['MiB after', ...steps, 'KiB a 1,000 requests'],
    rows.map(({ name, samples, slope }) => [
      name,
      ...samples.map((it) => it.rss.toFixed(0)),
      slope.toFixed(1),
    ]),
  );
}

function share(of: number, aim: number | undefined): string {
  const percent = `${(of * 100).toFixed(0)} %`;
  return aim === undefined ? percent : `${percent} (aim ${aim * 100})`;
}

/** Where the load was as busy as it can be, there may have been more to measure. */
function rate({ rate: a, load }: Measured): string {
  return `${load > loaded ? '≥ ' : ''}${Math.round(a)}`;
}
