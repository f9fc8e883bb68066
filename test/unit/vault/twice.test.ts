import { expect, it } from 'vitest';
import { changes, development, freshVault } from './fresh-vault.ts';

it('a read whose commit failed for another one is done again, and on record with all that it names', async () => {
  const fresh = await freshVault();
  const { team } = fresh;
  await team.write(development, changes({ A: '1', B: '2' }));
  fresh.tamper((db) =>
    db.exec(`CREATE TRIGGER planted BEFORE INSERT ON audit_events WHEN NEW.action = 'secrets.read-version'
             BEGIN SELECT RAISE(ABORT, 'refused'); END`),
  );
  const [whole, version] = await Promise.allSettled([
    team.read(development),
    team.readVersion(development, 'A', 1),
  ]);
  expect([whole.status, version.status]).toEqual(['fulfilled', 'rejected']);
  // The list of names was put into the commit that failed; the event of the other one refers to it.
  expect(await team.verifyAudit()).toEqual({ whole: true, events: 4 });
  const { events } = await team.listAudit({ action: 'secrets.read' });
  expect(events[0]?.secrets).toEqual({ A: 1, B: 1 });
});

it('a vault into which somebody put code since is not ready', async () => {
  const fresh = await freshVault();
  const { vault } = fresh;
  await vault.ready();
  fresh.tamper((db) => db.exec('CREATE VIEW planted AS SELECT 1'));
  await expect(vault.ready()).rejects.toMatchObject({ code: 'vault_damaged' });
});
