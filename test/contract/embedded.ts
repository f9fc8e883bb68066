import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Enrolled, Origin } from '../../src/api/team.ts';
import { newMasterKey } from '../../src/crypto/master-key.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { createVault, localOwner, openVault } from '../../src/vault/open.ts';
import type { Secret } from '../../src/secret.ts';
import type { TeamUnderTest } from './team.case.ts';

const origin: Origin = { address: '127.0.0.1', toldHost: 'here', toldProgram: 'contract' };

/** The vault in this process, over SQLite, as its owner, with the project `web`. */
export async function embeddedTeam(): Promise<TeamUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-contract-'));
  const file = join(folder, 'vault.db');
  const key = newMasterKey();
  const source = async (): Promise<Buffer> => Buffer.from(key);
  const now = (): Date => new Date();
  const store = openSqlite(file, { create: true });
  await createVault(store, { owner: 'olga', makeKey: source }, now);
  const vault = await openVault(store, file, source, now);
  const team = vault.as(await localOwner(vault));
  await team.createProject('web');
  const close = async (): Promise<void> => {
    await vault.close();
    rmSync(folder, { recursive: true });
  };
  return {
    team,
    as: (token) => vault.withToken(token, origin),
    enrol: (code: Secret): Promise<Enrolled> => vault.redeem(code, origin),
    close,
  };
}
