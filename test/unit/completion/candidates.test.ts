import { beforeEach, describe, expect, it } from 'vitest';
import { commands } from '../../../src/commands/index.ts';
import { candidates } from '../../../src/completion/candidates.ts';
import { resolveScope } from '../../../src/config/scope.ts';
import type { Context } from '../../../src/context.ts';
import { readers } from '../../../src/dotenv/readers/index.ts';
import { SecretsError } from '../../../src/errors.ts';
import { outputFormats } from '../../../src/formats/index.ts';
import { changes, development, freshVault, production } from '../vault/fresh-vault.ts';

let ctx: Context;

// The real vault and the real commands; of the context, what completion asks for.
beforeEach(async () => {
  const { team } = await freshVault();
  await team.write(development, changes({ API_TOKEN: 'canary', API_URL: 'canary', PORT: 'canary' }));
  await team.write(production, changes({ API_TOKEN_LIVE: 'canary' }));
  await team.createProject('api');
  ctx = contextWith(async () => team);
});

function contextWith(team: Context['team']): Context {
  const env = { SECRETS_PROJECT: 'web' };
  return {
    commands,
    env,
    cwd: '/',
    team,
    scope: (flags) => resolveScope(flags, env, '/'),
  } as Partial<Context> as Context;
}

const words = async (...typed: string[]): Promise<string[]> =>
  (await candidates(ctx, commands, typed)).map(({ word }) => word);

describe('completion offers', () => {
  it('commands, but no hidden one', async () => {
    const all = await words('');
    expect(all).toEqual(expect.arrayContaining(['get', 'set', 'run', 'env', 'project']));
    expect(all).not.toContain('complete');
    expect(await words('ge')).toEqual(['get']);
    expect(await words('xyz')).toEqual([]);
  });

  it('the commands of a group', async () => {
    expect((await words('env', '')).toSorted()).toEqual([
      'copy',
      'create',
      'delete',
      'diff',
      'list',
      'rename',
    ]);
    expect(await words('env', 'de')).toEqual(['delete']);
  });

  it('the names of secrets, with their versions and no value', async () => {
    expect(await words('get', '')).toEqual(['API_TOKEN', 'API_URL', 'PORT']);
    expect(await words('get', 'API_')).toEqual(['API_TOKEN', 'API_URL']);
    expect(JSON.stringify(await candidates(ctx, commands, ['get', '']))).not.toContain('canary');
  });

  it('the names of the environment that was typed, in any spelling', async () => {
    const live = ['API_TOKEN_LIVE'];
    expect(await words('get', '--env', 'production', '')).toEqual(live);
    expect(await words('get', '-e', 'production', '')).toEqual(live);
    expect(await words('get', '--env=production', '')).toEqual(live);
    expect(await words('--quiet', 'get', '-e', 'production', 'A')).toEqual(live);
  });

  it('environments and projects behind their options', async () => {
    expect(await words('get', '--env', '')).toEqual(['development', 'staging', 'production']);
    expect(await words('list', '-e', 'st')).toEqual(['staging']);
    expect(await words('get', '--project', '')).toEqual(['api', 'web']);
    expect(await words('get', '--project', 'api', '--env', 'p')).toEqual(['production']);
    expect(await words('get', '--env=p')).toEqual(['--env=production']);
    expect(await words('get', '--json=')).toEqual([]);
  });

  it('programs and formats behind the options that take one', async () => {
    const programs = readers.map(({ name }) => name);
    expect(await words('import', '--from', '')).toEqual(programs);
    expect(await words('import', 'x.env', '--from=doc')).toEqual(['--from=docker']);
    expect(await words('import', '--format', '')).toEqual(['dotenv', 'json', 'yaml', 'toml']);
    expect(await words('pull', '--format', '')).toEqual(outputFormats);
    expect(await words('pull', '--for', '')).toEqual(
      expect.arrayContaining([...programs, 'json', 'github-env']),
    );
  });

  it('options where one is begun', async () => {
    const offered = await words('get', '--');
    expect(offered).toEqual(expect.arrayContaining(['--env', '--project', '--quiet']));
    expect(await words('get', '--js')).toEqual(['--json']);
  });

  it('more of the same where a command takes several', async () => {
    expect(await words('delete', 'PORT', 'API_T')).toEqual(['API_TOKEN']);
  });
});

describe('completion offers nothing', () => {
  it('where the words belong to another program', async () => {
    expect(await words('run', '--', '')).toEqual([]);
    expect(await words('run', '--', 'npm', '--')).toEqual([]);
    expect(await words('run', 'npm', '--')).toEqual([]);
  });

  it('of a command that is not there', async () => {
    for (const word of ['nope', 'constructor', '__proto__']) expect(await words(word, '')).toEqual([]);
  });

  it('where the vault cannot be asked', async () => {
    ctx = contextWith(() => Promise.reject(new SecretsError('no_vault', 'there is none')));
    expect(await words('get', '')).toEqual([]);
    expect(await words('get', '--js')).toEqual(['--json']);
  });

  it('of a project or an environment that is not there', async () => {
    expect(await words('get', '--env', 'nope', '')).toEqual([]);
    expect(await words('get', '--project', 'nope', '')).toEqual([]);
  });

  it('while the vault does not answer, and does not wait for it', async () => {
    ctx = contextWith(() => new Promise(() => {}));
    expect(await words('get', '')).toEqual([]);
  });
});
