import { beforeEach, describe, expect, it } from 'vitest';
import { changes, development, type FreshVault, freshVault, production, valuesIn } from './fresh-vault.ts';

let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ A: 'one', B: 'b' }));
  await fresh.team.write(production, changes({ A: 'of production' }));
});

describe('the snapshot of an environment', () => {
  it('says what the rows said, whatever the values are', async () => {
    const values = {
      EMPTY: '',
      SEVERAL_LINES: 'a\r\nb\n',
      UNICODE: 'é🔑\u2028',
      QUOTES: `'"\\`,
      __proto__x: '{}',
    };
    await fresh.team.write(development, changes(values));
    const [rows, snapshot] = [await fresh.team.read(development), await fresh.team.read(development)];
    expect(kept()).toBe(1);
    expect([...snapshot.secrets].map(plain)).toEqual([...rows.secrets].map(plain));
    expect([...snapshot.secrets].map(plain)).toContainEqual(['UNICODE', 1, 'é🔑\u2028']);
    expect(snapshot.revision).toBe(rows.revision);
  });

  it('goes with every change', async () => {
    const edits = [
      () => fresh.team.write(development, changes({ A: 'two' })),
      () => fresh.team.delete(development, ['B']),
      () => fresh.team.copyEnvironment(production, 'development', { overwrite: true }),
    ];
    for (const edit of edits) {
      await fresh.team.read(development);
      expect(kept()).toBe(1);
      await fresh.team.renameProject('web', 'web2');
      await fresh.team.renameProject('web2', 'web');
      await edit();
      expect(keptOf('development')).toBe(0);
      fresh.tamper((db) => db.exec('DELETE FROM snapshots'));
    }
    expect(await valuesIn(fresh.team, development)).toEqual({ A: 'of production' });
  });

  it('is recorded as a read of every name, as the rows are', async () => {
    await fresh.team.read(development);
    await fresh.team.read(development);
    const details = fresh.tamper((db) =>
      db.prepare("SELECT detail FROM audit_events WHERE action = 'secrets.read'").all(),
    );
    expect(details).toHaveLength(2);
    expect(details[1]).toEqual(details[0]);
  });

  it('of another environment does not open: it is made anew from the rows', async () => {
    await fresh.team.read(development);
    await fresh.team.read(production);
    fresh.tamper((db) => {
      const sealed = db.prepare('SELECT sealed FROM snapshots ORDER BY length(sealed)').get()!.sealed!;
      db.prepare('UPDATE snapshots SET sealed = ?').run(sealed);
    });
    expect(await valuesIn(fresh.team, development)).toEqual({ A: 'one', B: 'b' });
    expect(await valuesIn(fresh.team, production)).toEqual({ A: 'of production' });
  });

  it('of an older revision does not open as the current one: it is made anew from the rows', async () => {
    await fresh.team.read(development);
    const old = fresh.tamper((db) => db.prepare('SELECT * FROM snapshots').get())!;
    await fresh.team.write(development, changes({ A: 'two' }));
    fresh.tamper((db) =>
      db.prepare('INSERT INTO snapshots VALUES (?, 2, ?)').run(old.environment_id!, old.sealed!),
    );
    expect(await valuesIn(fresh.team, development)).toEqual({ A: 'two', B: 'b' });
  });

  it('goes with its environment', async () => {
    await fresh.team.read(development);
    await fresh.team.deleteEnvironment(development);
    expect(kept()).toBe(0);
  });
});

const plain = ([name, { value, version }]: [string, { value: { reveal(): string }; version: number }]) => [
  name,
  version,
  value.reveal(),
];

function kept(): number {
  return Number(fresh.tamper((db) => db.prepare('SELECT count(*) AS n FROM snapshots').get())!.n);
}

function keptOf(environment: string): number {
  const sql = `SELECT count(*) AS n FROM snapshots s JOIN environments e ON e.id = s.environment_id WHERE e.name = ?`;
  return Number(fresh.tamper((db) => db.prepare(sql).get(environment))!.n);
}
