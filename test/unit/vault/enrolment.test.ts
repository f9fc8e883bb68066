import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { newCode } from '../../../src/crypto/enrolment-code.ts';
import { newMasterKey } from '../../../src/crypto/master-key.ts';
import { Secret } from '../../../src/secret.ts';
import { insertPrincipal } from '../../../src/store/principals.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { createVault, openVault } from '../../../src/vault/open.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { tempFolder } from '../temp-folder.ts';
import { freshVault } from './fresh-vault.ts';
import { enrolled, here } from './people.ts';

const refused = { code: 'code_refused' };

describe('the code of the first admin', () => {
  let vault: Vault;
  let now: string;

  beforeEach(async () => {
    const file = join(tempFolder(), 'vault.db');
    const key = newMasterKey();
    const source = async (): Promise<Buffer> => Buffer.from(key);
    now = '2026-01-01T00:00:00.000Z';
    const clock = (): Date => new Date(now);
    const store = openSqlite(file, { create: true });
    onTestFinished(() => store.close());
    await createVault(store, { makeKey: source }, clock);
    vault = await openVault(store, file, source, clock);
  });

  it('makes an admin of whoever brings it, under the name they say', async () => {
    const { code, expiresAt } = (await vault.firstCode())!;
    expect(expiresAt).toBe('2026-01-01T00:15:00.000Z');
    const answer = await vault.redeem(code, here, 'olga@example.com');
    expect(answer).toMatchObject({ name: 'olga@example.com', role: 'admin' });
    const team = vault.withToken(answer.token, here);
    await team.createProject('web');
    expect(await team.verifyAudit()).toMatchObject({ whole: true });
  });

  it('is good for one use, and there is no other once there is an admin', async () => {
    const { code } = (await vault.firstCode())!;
    await vault.redeem(code, here, 'olga');
    await expect(vault.redeem(code, here, 'eve')).rejects.toMatchObject(refused);
    await expect(vault.redeem(code, here, 'olga')).rejects.toMatchObject(refused);
    expect(await vault.firstCode()).toBeUndefined();
  });

  it('that two bring at the same time makes one admin', async () => {
    const { code } = (await vault.firstCode())!;
    const both = await Promise.allSettled([
      vault.redeem(code, here, 'olga'),
      vault.redeem(code, here, 'eve'),
    ]);
    expect(both).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: refused }]);
  });

  it('is void when a new one is made', async () => {
    const [first, second] = [(await vault.firstCode())!, (await vault.firstCode())!];
    await expect(vault.redeem(first.code, here, 'olga')).rejects.toMatchObject(refused);
    expect(await vault.redeem(second.code, here, 'olga')).toMatchObject({ name: 'olga' });
  });

  it('is good for 15 minutes, and not one millisecond longer', async () => {
    const { code } = (await vault.firstCode())!;
    now = '2026-01-01T00:15:00.000Z';
    await expect(vault.redeem(code, here, 'olga')).rejects.toMatchObject(refused);
    now = '2026-01-01T00:14:59.999Z';
    expect(await vault.redeem(code, here, 'olga')).toMatchObject({ name: 'olga' });
  });

  it('stays good when no name is said, or one that is none', async () => {
    const { code } = (await vault.firstCode())!;
    for (const name of [undefined, '', 'a b', '-x'])
      await expect(vault.redeem(code, here, name)).rejects.toMatchObject({ code: 'invalid' });
    expect(await vault.redeem(code, here, 'olga')).toMatchObject({ name: 'olga' });
  });

  it('is refused as soon as there is anybody, however they came', async () => {
    const { code } = (await vault.firstCode())!;
    const olga = { id: 'olga', name: 'olga', role: 'admin', created_at: now } as const;
    await vault.store.transaction((tx) => insertPrincipal(tx, olga));
    await expect(vault.redeem(code, here, 'eve')).rejects.toMatchObject(refused);
  });

  it('is not guessed', async () => {
    await vault.firstCode();
    for (const guess of [newCode(), new Secret(''), new Secret('00000-00000-00000-00000')])
      await expect(vault.redeem(guess, here, 'eve')).rejects.toMatchObject(refused);
    expect(await vault.firstCode()).toBeDefined();
  });

  it('is read as people type it', async () => {
    const { code } = (await vault.firstCode())!;
    const typed = new Secret(` ${code.reveal().toLowerCase().replaceAll('-', ' ')}\n`);
    expect(await vault.redeem(typed, here, 'olga')).toMatchObject({ name: 'olga' });
  });
});

describe('the code of a member', () => {
  it('enrols them under the name they were invited with, whatever they say', async () => {
    const { vault, team } = await freshVault();
    const { code } = await team.invite({ name: 'mira' });
    expect(await vault.redeem(code, here, 'olga')).toMatchObject({ name: 'mira', role: 'member' });
  });

  it('is good for one use', async () => {
    const { vault, team } = await freshVault();
    const { code } = await team.invite({ name: 'mira' });
    const both = await Promise.allSettled([vault.redeem(code, here), vault.redeem(code, here)]);
    expect(both).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: refused }]);
    await expect(vault.redeem(code, here)).rejects.toMatchObject(refused);
  });

  it('is good for a day, and not one millisecond longer', async () => {
    const { vault, team, clock } = await freshVault();
    const { code, expiresAt } = await team.invite({ name: 'mira' });
    clock.set(expiresAt);
    await expect(vault.redeem(code, here)).rejects.toMatchObject(refused);
    clock.set(new Date(Date.parse(expiresAt) - 1).toISOString());
    expect(await vault.redeem(code, here)).toMatchObject({ name: 'mira' });
  });

  it('goes with the member', async () => {
    const { vault, team } = await freshVault();
    const { code } = await team.invite({ name: 'mira' });
    await team.removePrincipal('mira');
    await expect(vault.redeem(code, here)).rejects.toMatchObject(refused);
  });

  it('gives the role that they have when they use it', async () => {
    const { vault, team } = await freshVault();
    const { code } = await team.invite({ name: 'mira', role: 'admin' });
    await team.setRole('mira', 'member');
    expect(await vault.redeem(code, here)).toMatchObject({ role: 'member' });
  });

  it('is on record with who used it, from where, and without the code or the token', async () => {
    const fresh = await freshVault();
    const mira = await enrolled(fresh, { name: 'mira' });
    const { events } = await fresh.team.listAudit({ action: 'member' });
    const [token] = await mira.team.listTokens();
    expect(events).toMatchObject([
      { actor: 'mira', action: 'member.enrol', origin: here, detail: { member: 'mira', issued: token!.id } },
      { actor: 'olga', action: 'member.invite', detail: { member: 'mira', role: 'member' } },
    ]);
    expect(JSON.stringify(events)).not.toContain(mira.token.reveal());
  });

  it('that is refused changes nothing', async () => {
    const { vault, team } = await freshVault();
    const before = await team.verifyAudit();
    await expect(vault.redeem(newCode(), here)).rejects.toMatchObject(refused);
    expect(await team.verifyAudit()).toEqual(before);
  });
});
