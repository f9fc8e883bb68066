import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deriveKey } from '../../../src/crypto/envelope.ts';
import type { AuditRow } from '../../../src/store/schema.ts';
import { verifyChain } from '../../../src/vault/audit.ts';
import { type FreshVault, freshVault } from './fresh-vault.ts';

/** test/vectors/envelope.json: made in Python, and frozen. */
interface Vectors {
  master: { key: string; vaultId: string };
  audit: { events: (Omit<AuditRow, 'hash'> & { hash: string })[]; head: string };
}

const { master, audit } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../vectors/envelope.json'), 'utf8'),
) as Vectors;
const key = deriveKey(Buffer.from(master.key, 'hex'), master.vaultId, 'audit');

it('the frozen chain is whole', async () => {
  const fresh = await withChain(audit.head);
  expect(await fresh.vault.store.read((db) => verifyChain(db, key))).toEqual({ whole: true, events: 3 });
});

it('the frozen chain with another head is not', async () => {
  const fresh = await withChain(audit.head.replace(/.$/, (c) => (c === '0' ? '1' : '0')));
  expect(await fresh.vault.store.read((db) => verifyChain(db, key))).toMatchObject({
    whole: false,
    brokenAt: 4,
  });
});

async function withChain(head: string): Promise<FreshVault> {
  const fresh = await freshVault();
  fresh.tamper((db) => db.exec('DELETE FROM audit_events'));
  await fresh.vault.store.transaction(async (tx) => {
    for (const event of audit.events) tx.append({ ...event, hash: Buffer.from(event.hash, 'hex') });
    tx.setMeta('audit_head', head);
  });
  return fresh;
}
