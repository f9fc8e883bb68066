import { readFileSync, writeFileSync } from 'node:fs';
import { withLock } from '../../../src/files/lock.ts';

/** Adds to a counter under a lock, again and again; the last time it is killed while it holds the lock, where wanted. */
const [lock, counter, rounds, end] = process.argv.slice(2) as [string, string, string, string];

for (let i = 0; i < Number(rounds); i++) {
  withLock(lock, () => {
    const before = Number(readFileSync(counter, 'utf8'));
    // Long enough for another process to come in between, if it could.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    writeFileSync(counter, String(before + 1));
  });
}
if (end === 'killed') withLock(lock, () => process.kill(process.pid, 'SIGKILL'));
if (end === 'holding')
  withLock(lock, () => {
    process.stdout.write('holding\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  });
