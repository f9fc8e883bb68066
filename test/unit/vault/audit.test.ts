import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditRow } from '../../../src/store/schema.ts';
import { changes, development, type FreshVault, freshVault } from './fresh-vault.ts';
import { watched } from './watched-store.ts';

let fresh: FreshVault;

// Six events: vault.create, project.create, two writes, one read, one delete.
beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ A: '1' }));
  await fresh.team.write(development, changes({ B: '2' }));
  await fresh.team.read(development);
  await fresh.team.delete(development, ['B']);
});

describe('a whole chain', () => {
  it('is told as whole, with its length', async () => {
    expect(await fresh.team.verifyAudit()).toEqual({ whole: true, events: 6 });
  });

  it('tells who did what, and where', () => {
    const told = eventsOf().map(({ seq, actor, action, project, environment }) => [
      seq,
      actor,
      action,
      project,
      environment,
    ]);
    expect(told).toEqual([
      [1, 'olga', 'vault.create', null, null],
      [2, 'olga', 'project.create', 'web', null],
      [3, 'olga', 'secrets.set', 'web', 'development'],
      [4, 'olga', 'secrets.set', 'web', 'development'],
      [5, 'olga', 'secrets.read', 'web', 'development'],
      [6, 'olga', 'secrets.delete', 'web', 'development'],
    ]);
  });

  it('names the versions that were handed out', async () => {
    const { events } = await fresh.team.listAudit({ action: 'secrets.read' });
    expect(events).toMatchObject([{ detail: { revision: 2 }, secrets: { A: 1, B: 1 } }]);
  });

  it('keeps the list of what was handed out once, however often it was', async () => {
    for (let i = 0; i < 3; i++) await fresh.team.read(development);
    const lists = fresh.tamper((db) => db.prepare('SELECT secrets FROM audit_lists').all());
    expect(lists).toEqual([{ secrets: '{"A":1,"B":1}' }, { secrets: '{"A":1}' }]);
    expect(await fresh.team.verifyAudit()).toEqual({ whole: true, events: 9 });
  });

  it('stays whole while another process appends to it', async () => {
    const other = (await fresh.reopen()).as(fresh.owner);
    let walking = false;
    let meanwhile = 0;
    const vault = await fresh.reopen((store) =>
      watched(store, async (statement) => {
        // The head was read by then.
        if (!walking || !statement.includes('FROM audit_events') || meanwhile > 0) return;
        meanwhile++;
        await other.write(development, changes({ C: '3' }));
      }),
    );
    await vault.unlock();
    walking = true;
    expect(await vault.as(fresh.owner).verifyAudit()).toEqual({ whole: true, events: 6 });
    expect(meanwhile).toBe(1);
    expect(await fresh.team.verifyAudit()).toEqual({ whole: true, events: 7 });
  });
});

describe('a chain that was tampered with', () => {
  it('shows an edited detail', async () => {
    tamper("UPDATE audit_events SET detail = '{}' WHERE seq = 4");
    expect(await verdict()).toEqual({ whole: false, events: 3, brokenAt: 4, reason: 'an event was edited' });
  });

  for (const column of ['at', 'actor', 'action', 'project', 'environment']) {
    it(`shows an edited ${column}`, async () => {
      tamper(`UPDATE audit_events SET ${column} = 'other' WHERE seq = 3`);
      expect(await verdict()).toMatchObject({ whole: false, brokenAt: 3 });
    });
  }

  it('shows an edited list of what was handed out', async () => {
    tamper(`UPDATE audit_lists SET secrets = '{"A":1}'`);
    expect(await verdict()).toMatchObject({ whole: false, brokenAt: 5 });
  });

  it('shows a missing list of what was handed out', async () => {
    tamper('DELETE FROM audit_lists');
    expect(await verdict()).toMatchObject({ whole: false, brokenAt: 5 });
  });

  it('shows an edited hash', async () => {
    tamper('UPDATE audit_events SET hash = zeroblob(32) WHERE seq = 4');
    expect(await verdict()).toMatchObject({ whole: false, brokenAt: 4 });
  });

  it('shows a deleted event in the middle', async () => {
    tamper('DELETE FROM audit_events WHERE seq = 3');
    expect(await verdict()).toEqual({ whole: false, events: 2, brokenAt: 3, reason: 'an event is missing' });
  });

  it('shows a deleted first event', async () => {
    tamper('DELETE FROM audit_events WHERE seq = 1');
    expect(await verdict()).toMatchObject({ whole: false, events: 0, brokenAt: 1 });
  });

  it('shows a cut tail', async () => {
    tamper('DELETE FROM audit_events WHERE seq = 6');
    expect(await verdict()).toMatchObject({ whole: false, events: 5, brokenAt: 6 });
  });

  it('shows a trail that is gone altogether', async () => {
    tamper("DELETE FROM audit_events; DELETE FROM meta WHERE key = 'audit_head'");
    expect(await verdict()).toMatchObject({ whole: false, events: 0 });
  });

  it('shows two swapped events', async () => {
    tamper(`UPDATE audit_events SET seq = 99 WHERE seq = 3; UPDATE audit_events SET seq = 3 WHERE seq = 4;
            UPDATE audit_events SET seq = 4 WHERE seq = 99`);
    expect(await verdict()).toMatchObject({ whole: false, brokenAt: 3 });
  });

  it('shows an edited head', async () => {
    tamper("UPDATE meta SET value = replace(value, '6 ', '5 ') WHERE key = 'audit_head'");
    expect(await verdict()).toMatchObject({ whole: false, events: 6, brokenAt: 7 });
  });

  it('shows an event that was edited with all hashes after it made anew', async () => {
    fresh.tamper((db) => {
      db.exec("UPDATE audit_events SET detail = '{}' WHERE seq = 4");
      rehash(db);
    });
    expect(await verdict()).toMatchObject({ whole: false, events: 6, brokenAt: 7 });
  });
});

describe('a forged head', () => {
  const forgeries = {
    'with a changed number': "UPDATE meta SET value = replace(value, '6 ', '7 ') WHERE key = 'audit_head'",
    'with a changed signature':
      "UPDATE meta SET value = substr(value, 1, length(value) - 64) || hex(zeroblob(32)) WHERE key = 'audit_head'",
    'that is empty': "UPDATE meta SET value = '' WHERE key = 'audit_head'",
    'that is gone': "DELETE FROM meta WHERE key = 'audit_head'",
    'with words behind it': "UPDATE meta SET value = value || ' x' WHERE key = 'audit_head'",
  };
  for (const [how, sql] of Object.entries(forgeries)) {
    it(`${how} takes no further event`, async () => {
      tamper(sql);
      await expect(fresh.team.write(development, changes({ A: '2' }))).rejects.toMatchObject({
        code: 'vault_damaged',
      });
      await expect(fresh.team.read(development)).rejects.toMatchObject({ code: 'vault_damaged' });
      expect(eventsOf()).toHaveLength(6);
      expect((await fresh.team.list(development)).revision).toBe(3);
    });
  }

  it('cannot be made by signing with a key of one’s own', async () => {
    fresh.tamper((db) => {
      db.exec('DELETE FROM audit_events WHERE seq = 6');
      const { hash } = rowsOf(db).at(-1)!;
      const link = `5 ${Buffer.from(hash).toString('hex')}`;
      const mac = createHash('sha256').update(link).digest('hex');
      db.prepare("UPDATE meta SET value = ? WHERE key = 'audit_head'").run(`${link} ${mac}`);
    });
    expect(await verdict()).toMatchObject({ whole: false });
  });
});

it('no event holds a value', async () => {
  await fresh.team.write(development, changes({ A: 'canary-7f3a' }));
  await fresh.team.read(development);
  await fresh.team.copyEnvironment(development, 'staging');
  await fresh.team.compareEnvironments(development, 'staging');
  expect(JSON.stringify(eventsOf())).not.toContain('canary-7f3a');
});

function tamper(sql: string): void {
  fresh.tamper((db) => db.exec(sql));
}

function verdict() {
  return fresh.team.verifyAudit();
}

function eventsOf(): AuditRow[] {
  return fresh.tamper(rowsOf);
}

function rowsOf(db: DatabaseSync): AuditRow[] {
  return db.prepare('SELECT * FROM audit_events ORDER BY seq').all() as unknown as AuditRow[];
}

/** The chain as one who knows its form, but no key, would mend it. */
function rehash(db: DatabaseSync): void {
  let before: Uint8Array = Buffer.alloc(32);
  for (const row of rowsOf(db)) {
    const { seq, at, actor, action, project, environment, detail } = row;
    const text = JSON.stringify([seq, at, actor, action, project, environment, detail]);
    before = createHash('sha256').update(before).update(text).digest();
    db.prepare('UPDATE audit_events SET hash = ? WHERE seq = ?').run(before, seq);
  }
}
