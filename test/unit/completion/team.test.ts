import { beforeEach, describe, expect, it } from 'vitest';
import type { TeamApi } from '../../../src/api/team.ts';
import { commands } from '../../../src/commands/index.ts';
import { candidates } from '../../../src/completion/candidates.ts';
import type { Candidate } from '../../../src/completion/from-vault.ts';
import { resolveScope } from '../../../src/config/scope.ts';
import type { Context } from '../../../src/context.ts';
import { freshVault } from '../vault/fresh-vault.ts';

let team: TeamApi;

beforeEach(async () => {
  ({ team } = await freshVault());
  await team.invite({ name: 'mira', groups: ['ops'] });
  const grants = [{ project: 'web', environment: 'staging', names: 'A*', permission: 'read' }] as const;
  await team.createToken({ account: 'ci', grants, ttl: 3600, ranges: [] });
});

/** Nothing here ties the folder to a project: who and what of the team need none. */
async function offered(...typed: string[]): Promise<Candidate[]> {
  const ctx: Partial<Context> = {
    commands,
    env: {},
    cwd: '/',
    team: async () => team,
    scope: (flags) => resolveScope(flags, {}, '/'),
  };
  return candidates(ctx as Context, commands, typed);
}

const words = async (...typed: string[]): Promise<string[]> =>
  (await offered(...typed)).map(({ word }) => word);

describe('completion of a team offers', () => {
  it('members and service accounts, with their roles', async () => {
    expect(await offered('member', 'remove', '')).toEqual([
      { word: 'olga', summary: 'admin' },
      { word: 'mira', summary: 'member' },
      { word: 'ci', summary: 'service' },
    ]);
    expect(await words('member', 'role', 'm')).toEqual(['mira']);
    expect(await words('group', 'add', 'ops', 'm')).toEqual(['mira']);
    expect(await words('token', 'create', 'c')).toEqual(['ci']);
    expect(await words('audit', '--who', 'o')).toEqual(['olga']);
  });

  it('roles and permissions', async () => {
    expect(await words('member', 'role', 'mira', '')).toEqual(['admin', 'member']);
    expect(await words('member', 'invite', 'x', '--role', 'a')).toEqual(['admin']);
    expect(await words('grant', 'add', 'mira', '')).toEqual(['read', 'write', 'read,write']);
  });

  it('groups, and whoever may be granted something', async () => {
    expect(await offered('group', 'remove', '')).toEqual([{ word: 'ops', summary: 'mira' }]);
    expect(await words('member', 'invite', 'x', '--group', 'a', '--group', '')).toEqual(['ops']);
    expect(await words('grant', 'add', '')).toEqual(['olga', 'mira', 'ci', 'group:ops']);
    expect(await words('grant', 'add', 'group:')).toEqual(['group:ops']);
  });

  it('places', async () => {
    const all = ['web', 'web/development', 'web/staging', 'web/production'];
    expect(await words('grant', 'add', 'mira', 'read', '')).toEqual(all);
    expect(await words('token', 'create', 'ci', '--read', 'web/s')).toEqual(['web/staging']);
    expect(await words('token', 'create', 'ci', '--read', 'web', '--write', 'web/p')).toEqual([
      'web/production',
    ]);
  });

  it('ids of grants and tokens, with what they are, and no token', async () => {
    const [grant] = await team.listGrants();
    const [token] = await team.listTokens();
    const what = { word: grant!.id, summary: 'ci read web/staging A*' };
    expect(await offered('grant', 'remove', '')).toEqual([what]);
    expect(await offered('grant', 'remove', 'other', '')).toEqual([what]);
    expect(await offered('token', 'revoke', '')).toEqual([
      { word: token!.id, summary: `ci ${token!.prefix}…` },
    ]);
  });

  it('what the audit trail can be asked for, and its other command', async () => {
    expect(await words('audit', '')).toEqual(['verify']);
    expect(await words('audit', '--j')).toEqual(['--json', '--jsonl']);
    expect(await words('audit', 'verify', '--j')).toEqual(['--json']);
    expect(await words('audit', '--action', 'secrets.re')).toEqual(['secrets.read', 'secrets.read-version']);
    expect(await words('audit', '--action=den')).toEqual(['--action=denied']);
    expect(await words('audit', '--project', '')).toEqual(['web']);
    expect(await words('audit', '--project', 'web', '--env', 's')).toEqual(['staging']);
  });
});
