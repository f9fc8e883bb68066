import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/api/backend.ts';
import type { AuditEvent, Permission, TeamApi } from '../../src/api/team.ts';
import type { SecretsError } from '../../src/errors.ts';
import { Secret } from '../../src/secret.ts';
import { enrolled } from './governing.case.ts';
import type { TeamUnderTest } from './team.case.ts';

const development: Scope = { project: 'web', environment: 'development' };
const production: Scope = { project: 'web', environment: 'production' };

/** What a member may do and is told, and what stays on record of it, wherever the vault stands. */
export function memberCases(subject: () => TeamUnderTest): void {
  const team = (): TeamApi => subject().team;
  const set = (scope: Scope, values: Record<string, string>, by = team()) =>
    by.write(
      scope,
      Object.entries(values).map(([name, text]) => ({ name, value: new Secret(text) })),
    );
  const give = (permission: Permission, names: string) =>
    team().addGrant({ ...production, to: { principal: 'mira' }, permission, names });

  describe('a member', () => {
    it('reads development, and sees nothing else', async () => {
      await set(development, { A: '1' });
      await set(production, { A: 'p' });
      const mira = await enrolled(subject(), { name: 'mira' });
      expect((await mira.read(development)).secrets.get('A')?.value.reveal()).toBe('1');
      expect(await mira.listEnvironments('web')).toEqual([{ name: 'development', revision: 1, secrets: 1 }]);
      expect(await mira.listProjects()).toMatchObject([{ name: 'web', environments: ['development'] }]);
    });

    it('is forbidden what is seen, and does not find what is not', async () => {
      const mira = await enrolled(subject(), { name: 'mira' });
      await expect(set(development, { A: 'x' }, mira)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(mira.createProject('mine')).rejects.toMatchObject({ code: 'forbidden' });
      await expect(mira.invite({ name: 'eve' })).rejects.toMatchObject({ code: 'forbidden' });
      await expect(mira.listAudit({})).rejects.toMatchObject({ code: 'forbidden' });
      await expect(mira.verifyAudit()).rejects.toMatchObject({ code: 'forbidden' });
      for (const ask of [
        () => mira.read(production),
        () => mira.list(production),
        () => set(production, { A: 'x' }, mira),
      ])
        await expect(ask()).rejects.toMatchObject({ code: 'not_found' });
    });

    it('is told the same of what is hidden as of what is not there', async () => {
      const mira = await enrolled(subject(), { name: 'mira' });
      const told = async (environment: string): Promise<string> => {
        const error = await mira.read({ ...production, environment }).catch((thrown: unknown) => thrown);
        const { code, message, hints } = error as SecretsError;
        return JSON.stringify({ code, message, hints }).replaceAll(environment, '<name>');
      };
      expect(await told('production')).toBe(await told('abcdefghij'));
      await expect(mira.read({ ...production, environment: 'productio' })).rejects.toMatchObject({
        hints: [expect.not.stringContaining('"production"')],
      });
    });

    it('has what was granted, by name', async () => {
      await set(production, { DB_URL: 'db', API_KEY: 'api' });
      const mira = await enrolled(subject(), { name: 'mira' });
      await give('read', 'DB_*');
      const { secrets } = await mira.read(production);
      expect([...secrets].map(([name, { value }]) => [name, value.reveal()])).toEqual([['DB_URL', 'db']]);
      expect((await mira.read(production, ['API_KEY', 'DB_URL'])).secrets.size).toBe(1);
      await expect(mira.history(production, 'API_KEY')).rejects.toMatchObject({ code: 'not_found' });
      await expect(mira.readVersion(production, 'API_KEY', 1)).rejects.toMatchObject({ code: 'not_found' });
      await expect(set(production, { DB_URL: 'x' }, mira)).rejects.toMatchObject({ code: 'forbidden' });
    });

    it('is told near names among those that are seen', async () => {
      await set(production, { DB_URL: 'db', DB_URI: 'hidden' });
      const mira = await enrolled(subject(), { name: 'mira' });
      await give('read', '*URL*');
      const { hints } = (await mira
        .history(production, 'DB_URLS')
        .catch((thrown: unknown) => thrown)) as SecretsError;
      expect(hints.join()).toContain('"DB_URL"');
      expect(hints.join()).not.toContain('DB_URI');
    });

    it('enrols another machine of their own, and revokes it', async () => {
      const mira = await enrolled(subject(), { name: 'mira' });
      const { code } = await mira.invite({ name: 'mira' });
      const { token } = await subject().enrol(code);
      const second = await subject().as(token);
      const mine = (await second.whoami()).token!;
      expect(await mira.listTokens()).toHaveLength(2);
      await mira.revokeToken(mine.id);
      await expect(second.whoami()).rejects.toMatchObject({ code: 'not_logged_in' });
    });
  });

  describe('a stale write', () => {
    it('writes nothing, and is told who changed what of that which is seen', async () => {
      const { revision } = await set(production, { DB_URL: '1', API_KEY: '1' });
      const mira = await enrolled(subject(), { name: 'mira' });
      await give('write', 'DB_*');
      await set(production, { DB_URL: '2', API_KEY: '2' });
      const change = [{ name: 'DB_URL', value: new Secret('mine') }];
      const { name } = await team().whoami();
      const error = (await mira
        .write(production, change, { revision })
        .catch((thrown: unknown) => thrown)) as SecretsError;
      expect(error.code).toBe('stale');
      expect(error.hints.join('\n')).toContain(`${name}: secrets.set DB_URL at`);
      expect(error.hints.join('\n')).not.toContain('API_KEY');
      expect((await team().read(production)).secrets.get('DB_URL')?.value.reveal()).toBe('2');
      expect(await mira.write(production, change, { revision: revision + 1 })).toMatchObject({
        revision: revision + 2,
      });
    });
  });

  describe('the audit trail of a team', () => {
    it('tells who did what through which token, reads and denials too, and never a value', async () => {
      await set(development, { A: 'canary-1' });
      const mira = await enrolled(subject(), { name: 'mira' });
      const { token } = await mira.whoami();
      await mira.read(development);
      await expect(mira.read(production)).rejects.toMatchObject({ code: 'not_found' });
      const { events } = await team().listAudit({ principal: 'mira' });
      expect(events.map(({ action }) => action)).toEqual(['denied', 'secrets.read', 'member.enrol']);
      expect(events[0]).toMatchObject({ actor: 'mira', token: token!.id, ...production });
      expect(events[1]).toMatchObject({ actor: 'mira', token: token!.id, ...development, secrets: { A: 1 } });
      expect(events[1]!.origin?.address).toMatch(/127\.0\.0\.1|::1/);
      expect(JSON.stringify(events)).not.toContain('canary');
    });

    it('is read a page at a time, everything once, while it grows', async () => {
      for (let i = 0; i < 7; i++) await set(development, { [`NAME_${i}`]: 'x' });
      const found: AuditEvent[] = [];
      let cursor: string | undefined;
      do {
        const page = await team().listAudit({
          action: 'secrets.set',
          limit: 3,
          ...(cursor === undefined ? {} : { cursor }),
        });
        found.push(...page.events);
        cursor = page.next;
        await set(development, { LATER: 'x' });
      } while (cursor !== undefined);
      expect(found.map(({ secrets }) => Object.keys(secrets ?? {}))).toEqual(
        [6, 5, 4, 3, 2, 1, 0].map((i) => [`NAME_${i}`]),
      );
    });

    it('is searched by secret and by time', async () => {
      await set(development, { KEY: 'x' });
      await set(development, { KEY_2: 'x' });
      const { events } = await team().listAudit({ secret: 'KEY' });
      expect(events).toHaveLength(1);
      expect((await team().listAudit({ secret: 'KEY', until: events[0]!.at })).events).toEqual([]);
      expect((await team().listAudit({ secret: 'KEY', since: events[0]!.at })).events).toEqual(events);
    });

    it('takes no page size and no time that cannot be', async () => {
      for (const query of [{ limit: 0 }, { limit: 1001 }, { since: 'yesterday' }, { cursor: 'x' }])
        await expect(team().listAudit(query)).rejects.toMatchObject({ code: 'invalid' });
    });
  });
}
