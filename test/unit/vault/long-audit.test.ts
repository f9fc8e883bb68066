import { expect, it } from 'vitest';
import { development, freshVault } from './fresh-vault.ts';

it('a chain of more than one page is walked to its end', async () => {
  const fresh = await freshVault();
  const { team, vault } = fresh;
  // A thousand transactions cost seconds of fsync; the disk need not keep these.
  await vault.store.read((db) => db.sql('PRAGMA synchronous = OFF'));
  for (let i = 0; i < 1100; i++) await team.read(development);
  expect(await team.verifyAudit()).toEqual({ whole: true, events: 1102 });
  fresh.tamper((db) => db.exec("UPDATE audit_events SET actor = 'eve' WHERE seq = 1050"));
  expect(await team.verifyAudit()).toMatchObject({ whole: false, events: 1049, brokenAt: 1050 });
});
