import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/migrations.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { storeCases, type StoreUnderTest } from './store.case.ts';

describe('SQLite', () => {
  storeCases(make);

  it('makes a file for this user alone, and never over another', async () => {
    const under = await make();
    const { file } = under;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file);
    expect(() => openSqlite(file, { create: true })).toThrow();
    expect(readFileSync(file).equals(before)).toBe(true);
    await under.close();
  });
});

async function make(): Promise<StoreUnderTest & { file: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-store-'));
  const file = join(folder, 'vault.db');
  const store = openSqlite(file, { create: true });
  await store.transaction((tx) => migrate(tx, 0, { bytes: 'blob' }));
  return {
    file,
    store,
    another: async () => openSqlite(file),
    countElsewhere: async (times) => {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'count.mts'), file, String(times)]);
      const done = once(child, 'exit').then(([status]) => expect(status).toBe(0));
      await once(child.stdout, 'data');
      return { done };
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
