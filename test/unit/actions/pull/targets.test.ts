import { describe, expect, it } from 'vitest';
import { pullTargets, type Typed } from '../../../../src/actions/pull/targets.ts';
import type { ResolvedScope } from '../../../../src/config/scope.ts';
import type { LinkTarget } from '../../../../src/config/targets.ts';

interface Where {
  environment?: string;
  linked?: string;
  targets?: LinkTarget[];
  typed?: Typed;
  cwd?: string;
  fromFlag?: boolean;
}

const folder = '/repo';

function targetsOf({ environment = 'development', linked, targets, typed, cwd = folder, fromFlag }: Where) {
  const scope: ResolvedScope = {
    project: 'web',
    environment,
    projectFrom: 'link file',
    environmentFrom: fromFlag ? 'flag' : 'default',
    link: {
      project: 'web',
      path: `${folder}/secrets.config.json`,
      folder,
      ...(linked !== undefined && { environment: linked }),
      ...(targets && { targets }),
    },
  };
  return pullTargets(scope, cwd, typed);
}

const filesOf = (where: Where): string[] => targetsOf(where).map(({ file }) => file);
const error = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string });

describe('the file of a pull', () => {
  it.each<[string, Where, string]>([
    ['.env for the default environment', {}, '/repo/.env'],
    ['.env.staging for another', { environment: 'staging' }, '/repo/.env.staging'],
    ['.env for what the link file names', { environment: 'staging', linked: 'staging' }, '/repo/.env'],
    ['beside the link file, from below it', { cwd: '/repo/apps/web' }, '/repo/.env'],
    [
      'the one that is named, from where one stands',
      { cwd: '/repo/apps', typed: { file: 'x' } },
      '/repo/apps/x',
    ],
    [
      'the one that is named, as it is named',
      { environment: 'staging', typed: { file: '.env' } },
      '/repo/.env',
    ],
  ])('is %s', (_, where, file) => {
    expect(filesOf(where)).toEqual([file]);
  });
});

describe('a target in another environment', () => {
  it.each([
    ['.env', '/repo/.env.staging'],
    ['.env.local', '/repo/.env.staging.local'],
    ['a/.env.d/x.env', '/repo/a/.env.d/x.env.staging'],
    ['web.env.local', '/repo/web.env.staging.local'],
    ['{environment}/x.json', '/repo/staging/x.json'],
    ['config/{environment}.{environment}.yaml', '/repo/config/staging.staging.yaml'],
  ])('%s is %s', (file, expected) => {
    expect(filesOf({ environment: 'staging', targets: [{ file }] })).toEqual([expected]);
  });

  it.each(['x.json', '.envrc', 'env', 'environment/x'])('%s has no place for its name', (file) => {
    expect(() => filesOf({ environment: 'staging', targets: [{ file }] })).toThrow(
      error('invalid', /has no place for the environment "staging"$/),
    );
    expect(filesOf({ targets: [{ file }] })).toEqual([`/repo/${file}`]);
  });

  it.each([
    ['x.json', 'name it in the link file: "file": "{environment}.x.json"'],
    ['infra/x.tfvars', 'name it in the link file: "file": "infra/{environment}.x.tfvars"'],
    ['infra/terraform.tfvars', 'name it in the link file: "file": "infra/{environment}.auto.tfvars"'],
    ['terraform.tfvars.json', 'name it in the link file: "file": "{environment}.auto.tfvars.json"'],
  ])('%s: a name is proposed that its program goes on to read', (file, hint) => {
    const hints = expect.arrayContaining([hint]) as unknown;
    expect(() => filesOf({ environment: 'staging', targets: [{ file }] })).toThrow(
      expect.objectContaining({ hints }),
    );
  });

  it('{environment} is filled in for the default one, too', () => {
    expect(filesOf({ targets: [{ file: '{environment}.json' }] })).toEqual(['/repo/development.json']);
  });
});

describe('targets of the link file', () => {
  const targets = [
    { file: 'web/.env', only: ['WEB_*'], for: ['next', 'vite'] },
    { file: 'api/settings', except: ['WEB_*'], format: 'json' },
  ];

  it('are all meant where no file is named', () => {
    expect(targetsOf({ targets })).toMatchObject([
      {
        file: '/repo/web/.env',
        shown: 'web/.env',
        readers: ['next', 'vite'],
        format: 'dotenv',
        selection: { only: ['WEB_*'], except: [] },
        isTyped: false,
      },
      { file: '/repo/api/settings', format: 'json', selection: { only: [], except: ['WEB_*'] } },
    ]);
  });

  it('one that is named, by its own name or that of the environment, brings what is written of it', () => {
    expect(targetsOf({ targets, typed: { file: 'api/settings' } })).toMatchObject([{ format: 'json' }]);
    const environment = 'staging';
    for (const file of ['web/.env', 'web/.env.staging'])
      expect(targetsOf({ environment, targets, typed: { file } })).toMatchObject([
        { file: `/repo/${file}`, readers: ['next', 'vite'] },
      ]);
  });

  it('what is typed wins over what is written', () => {
    const typed = { file: 'web/.env', only: ['A,B'], for: ['docker'] };
    expect(targetsOf({ targets, typed })).toMatchObject([
      { readers: ['docker'], selection: { only: ['A', 'B'], except: [] }, isTyped: true },
    ]);
  });

  it('several do not go with options of one file', () => {
    for (const typed of [{ for: ['node'] }, { only: ['A'] }, { except: ['A'] }])
      expect(() => targetsOf({ targets, typed })).toThrow(error('usage', /is about one file/));
    expect(targetsOf({ targets: [targets[0]!], typed: { only: ['A'] } })).toMatchObject([
      { selection: { only: ['A'] } },
    ]);
  });

  it('may not lead out of the repository', () => {
    expect(() => filesOf({ targets: [{ file: '../x/.env' }] })).toThrow(error('invalid', /leads out/));
    expect(() => filesOf({ targets: [{ file: 'x/../../repository/.env' }] })).toThrow(
      error('invalid', /leads out/),
    );
  });
});

describe('the format', () => {
  it.each([
    ['x.json', 'json'],
    ['X.YML', 'yaml'],
    ['x.toml', 'toml'],
    ['x.tfvars', 'tfvars'],
    ['x.fish', 'fish'],
    ['x.ps1', 'powershell'],
    ['.env', 'dotenv'],
    ['.env.json5', 'dotenv'],
    ['x.sh', 'sh'],
    ['.env.sh', 'sh'],
    ['.envrc', 'dotenv'],
  ])('of %s is %s', (file, format) => {
    expect(targetsOf({ typed: { file } })[0]?.format).toBe(format);
  });

  it.each<[string, Typed, object]>([
    ['--format', { file: 'x', format: 'toml' }, { format: 'toml', readers: [] }],
    ['--for', { file: 'x', for: ['kubernetes'] }, { format: 'kubernetes', readers: [] }],
    [
      '--for and --format that say the same',
      { file: 'x', for: ['toml'], format: 'toml' },
      { format: 'toml' },
    ],
    ['--for dotenv, which is a program', { for: ['dotenv'] }, { format: 'dotenv', readers: ['dotenv'] }],
    ['--for of several', { for: ['node,vite', 'docker'] }, { readers: ['node', 'vite', 'docker'] }],
    [
      '--for and --format dotenv',
      { for: ['node'], format: 'dotenv' },
      { format: 'dotenv', readers: ['node'] },
    ],
    ['--for against the name', { file: 'x.json', for: ['node'] }, { format: 'dotenv', readers: ['node'] }],
    ['github-env, without a file', { for: ['github-env'] }, { format: 'github-env' }],
  ])('is told by %s', (_, typed, expected) => {
    expect(targetsOf({ typed })).toMatchObject([expected]);
  });

  it.each<[string, Typed, RegExp]>([
    ['is unknown', { file: 'x', format: 'xml' }, /no format named "xml"/],
    ['is two', { file: 'x', for: ['toml'], format: 'json' }, /"toml" and for "json"/],
    ['is one, and a program another', { file: 'x', for: ['node'], format: 'json' }, /"json" and for "node"/],
    ['has no file', { format: 'json' }, /no file is named for the format "json"/],
    ['is github-env, and a file is named', { file: 'x', for: ['github-env'] }, /GITHUB_ENV/],
  ])('that %s is a mistake', (_, typed, message) => {
    expect(() => targetsOf({ typed })).toThrow(error('usage', message));
  });
});

it('the command that pulls again is what was typed, as a shell takes it', () => {
  const typed = { file: "it's/.env", for: ['node'], only: ['WEB_*'] };
  expect(targetsOf({ environment: 'staging', fromFlag: true, typed })[0]?.again).toBe(
    String.raw`secrets pull 'it'\''s/.env' --env staging --for node --only 'WEB_*'`,
  );
  expect(targetsOf({})[0]).toMatchObject({ again: 'secrets pull', alone: 'secrets pull .env', where: '' });
});
