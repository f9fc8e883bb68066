import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { median } from './measure.mts';

/** What each is measured so often. */
const times = 300;
/** A page of SQLite's log, about. */
const page = Buffer.alloc(4096, 1);

/** Milliseconds for the disk below a folder to keep 4 KiB more of a file. */
export async function syncTime(folder: string): Promise<number> {
  const file = openSync(join(folder, 'sync'), 'w');
  const ms = await timed(() => {
    writeSync(file, page);
    fdatasyncSync(file);
  });
  closeSync(file);
  return ms;
}

/** Milliseconds for SQLite to commit one row, with the settings of src/store/sqlite-file.ts. */
export async function sqliteCommit(folder: string): Promise<number> {
  const file = new DatabaseSync(join(folder, `commit-${process.hrtime.bigint()}.db`));
  file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (text text)');
  const insert = file.prepare('INSERT INTO rows VALUES (?)');
  const ms = await timed(() => insert.run('x'.repeat(300)));
  file.close();
  return ms;
}

/** Milliseconds for PostgreSQL to commit one row, there and back. */
export async function postgresCommit(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE bench_rows (text text)');
  const insert = { name: 'insert', text: 'INSERT INTO bench_rows VALUES ($1)', values: ['x'.repeat(300)] };
  const ms = await timed(() => client.query(insert));
  await client.query('DROP TABLE bench_rows');
  await client.end();
  return ms;
}

async function timed(work: () => unknown): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await work();
    all.push(performance.now() - start);
  }
  return median(all);
}
