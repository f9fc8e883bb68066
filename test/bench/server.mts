// `npm run bench:server`: requests a second and their times, against the same framework with a constant answer; memory over
// many requests; and the same read from a vault that has grown. Every number is of one run: compare the ratios.
//   -- --quick           small and short, to try it    -- --seconds N      of each cell (default 6)
//   -- --part NAME       cells, memory, growth         -- --write          puts the tables into docs/benchmarks.md
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeMeasured } from './docs.mts';
import { syncTime } from './server-disk.mts';
import { type Measured, type Plan, sideBySide } from './server-measure.mts';
import { memoryOver, slope } from './server-memory.mts';
import { type Place, postgres, sqlite } from './server-places.mts';
import { prepare, type Prepared, type Size } from './server-prepare.mts';
import { type Answering, Load, startFloor, startServer } from './server-processes.mts';
import { type Kind, kindsOf } from './server-requests.mts';
import {
  type Cell,
  cellTable,
  type Grown,
  growthHead,
  growthTable,
  markdown,
  memoryTable,
} from './server-tables.mts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '6' },
    part: { type: 'string', multiple: true, default: ['cells', 'memory', 'growth'] },
    write: { type: 'boolean', default: false },
  },
});
const { quick, part } = flags;
const concurrency = [1, 16, 64];
const plan: Plan = quick
  ? { seconds: 1, warmUp: 0.5, turns: 1 }
  : { seconds: Number(flags.seconds), warmUp: 1.5, turns: 3 };
const requests = quick ? { total: 16_000, step: 2000 } : { total: 200_000, step: 20_000 };
const size: Size = quick
  ? { events: 20_000, secrets: 2000, grants: 200 }
  : { events: 1_000_000, secrets: 100_000, grants: 10_000 };

const root = mkdtempSync(join(tmpdir(), 'secrets-bench-'));
const load = new Load();
const program = join(root, 'bin/secrets.js');
// A build that is made meanwhile must not take the files away from below a running server.
for (const folder of ['bin', 'dist']) cpSync(folder, join(root, folder), { recursive: true });

try {
  const places = [sqlite(root), await postgres()].filter((it) => it !== undefined);
  try {
    const text = await everything(places);
    console.log(text);
    if (flags.write) write(text);
  } finally {
    for (const place of places) await place.end();
  }
} finally {
  await load.stop();
  rmSync(root, { recursive: true, force: true });
}

async function everything(places: readonly Place[]): Promise<string> {
  const texts: string[] = [];
  if (part.includes('cells')) {
    const all: { place: Place; cells: Cell[] }[] = [];
    for (const place of places) all.push({ place, cells: await cellsOf(place) });
    for (const { place, cells } of all) texts.push(`### On ${place.name}\n\n${cellTable(cells, place.aim)}`);
    texts.push(`### What one durable commit takes\n\n${await commits(all)}`);
  }
  if (part.includes('memory')) texts.push(`### Memory\n\n${await memory(places)}`);
  if (part.includes('growth')) texts.push(`### Growth\n\n${await growth(places)}`);
  return texts.join('\n\n');
}

async function cellsOf(place: Place): Promise<Cell[]> {
  const prepared = await prepare(await place.database());
  return serving(prepared, async (server) => {
    const kinds = await kindsOf(server.url, prepared);
    const floor = await startFloor(kinds.map((kind) => kind.floor));
    const cells: Cell[] = [];
    try {
      for (const kind of kinds)
        for (const connections of concurrency) cells.push(await cell(kind, connections, floor, server));
    } finally {
      await floor.stop();
    }
    return cells;
  });
}

async function cell(kind: Kind, connections: number, floor: Answering, server: Answering): Promise<Cell> {
  const { name, status } = kind;
  const sides = [
    { server: floor, requests: kind.floorRequests },
    { server, requests: kind.requests },
  ];
  const [below, above] = (await sideBySide(load, sides, { connections, status }, plan)) as [
    Measured,
    Measured,
  ];
  console.error(`${name}, ${connections}: ${above.rate.toFixed(0)} of ${below.rate.toFixed(0)}`);
  return { name: `${name} (${kind.bytes} B)`, connections, floor: below, server: above };
}

/** With one connection, each request that leaves an event waits for one commit of its own. */
async function commits(all: readonly { place: Place; cells: readonly Cell[] }[]): Promise<string> {
  const head = ['', 'ms', 'p50 of one read at 1 connection, ms'];
  const rows = [['4 KiB and fdatasync', (await syncTime(root)).toFixed(2), '']];
  for (const { place, cells } of all) {
    const alone = cells.find(({ connections }) => connections === 1)!;
    const commit = await place.commit();
    rows.push([`one row in ${place.name}`, commit.toFixed(2), alone.server.p50.toFixed(2)]);
  }
  return markdown(head, rows);
}

async function memory(places: readonly Place[]): Promise<string> {
  const rows = [];
  for (const place of places) {
    const prepared = await prepare(await place.database());
    const samples = await serving(prepared, async (server) => {
      const [read] = await kindsOf(server.url, prepared);
      return memoryOver(load, server, read!, requests);
    });
    rows.push({ name: place.name, samples, slope: slope(samples, requests.total / 5) });
    console.error(`memory on ${place.name}: ${samples.map(({ rss }) => rss.toFixed(0)).join(' ')}`);
  }
  return memoryTable(rows);
}

async function growth(places: readonly Place[]): Promise<string> {
  const rows: string[][] = [];
  for (const place of places) {
    const start = performance.now();
    const [small, large] = [
      await prepare(await place.database()),
      await prepare(await place.database(), size),
    ];
    await place.settle(large.database);
    console.error(
      `grown on ${place.name} in ${((performance.now() - start) / 1000).toFixed(0)} s; the chain is whole`,
    );
    const measured = await serving(small, (empty) =>
      serving(large, (grown) => readBoth([small, empty], [large, grown])),
    );
    rows.push(...growthTable(place.name, measured));
  }
  return markdown(growthHead, rows);
}

type Served = readonly [Prepared, Answering];

async function readBoth(...both: readonly [Served, Served]): Promise<Grown[]> {
  const kinds = await Promise.all(
    both.map(async ([prepared, server]) => (await kindsOf(server.url, prepared))[0]!),
  );
  const sides = both.map(([, server], i) => ({ server, requests: kinds[i]!.requests }));
  const { status } = kinds[0]!;
  const all: Grown[] = [];
  for (const connections of concurrency) {
    const [empty, grown] = (await sideBySide(load, sides, { connections, status }, plan)) as [
      Measured,
      Measured,
    ];
    all.push({ connections, empty, grown });
  }
  return all;
}

async function serving<T>(prepared: Prepared, work: (server: Answering) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(root, 'serve-'));
  const server = await startServer({ ...prepared, folder, program });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

function write(text: string): void {
  if (quick || part.length < 3) throw new Error('a part, or a quick run, is not for the docs');
  writeMeasured(
    'server',
    `${plan.seconds} s a cell in ${plan.turns} turns, by \`npm run bench:server -- --write\``,
    text,
  );
}
