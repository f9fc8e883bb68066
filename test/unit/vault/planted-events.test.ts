import { beforeEach, expect, it } from 'vitest';
import { changes, development, type FreshVault, freshVault } from './fresh-vault.ts';

/** What somebody could put into the trail who can write to the database and has no key. */
let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ A: '1' }));
});

it('an event in front of the first is seen', async () => {
  fresh.tamper((db) =>
    db.exec(`INSERT INTO audit_events SELECT -1, at, 'x', action, project, environment, detail, hash
             FROM audit_events ORDER BY seq DESC LIMIT 1`),
  );
  expect(await fresh.team.verifyAudit()).toMatchObject({ whole: false, brokenAt: 1 });
});

it('a hash that is no bytes is an edited event, and no crash', async () => {
  fresh.tamper((db) => db.exec('UPDATE audit_events SET hash = hex(hash) WHERE seq = 2'));
  expect(await fresh.team.verifyAudit()).toMatchObject({ whole: false, brokenAt: 2 });
});
