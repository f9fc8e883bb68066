import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectReaders } from '../../../src/dotenv/detect.ts';
import { tempFolder } from '../temp-folder.ts';

/** Readers that a repository of these files tells of, for one target. */
function detected(files: Readonly<Record<string, string>>, target = '.env'): string[] {
  const root = tempFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return detectReaders(root, join(root, target)).readers.map(({ name }) => name);
}

const packageWith = (dependencies: object, scripts: object = {}): string =>
  JSON.stringify({ name: 'shop', scripts, dependencies }, null, 2);

describe('the repository tells of a reader', () => {
  const cases: [reader: string, file: string, text: string][] = [
    ['dotenv', 'package.json', packageWith({ dotenv: '^17.0.0' })],
    ['dotenv-expand', 'package.json', packageWith({ 'dotenv-expand': '^12.0.0' })],
    ['dotenvx', 'package.json', packageWith({ '@dotenvx/dotenvx': '^2.0.0' })],
    ['varlock', 'package.json', packageWith({ varlock: '^1.0.0' })],
    ['next', 'package.json', packageWith({ next: '^16.0.0', react: '^19.0.0' })],
    ['vite', 'package.json', '{ "devDependencies": { "vite": "^8.0.0" } }'],
    ['node', 'package.json', packageWith({}, { dev: 'node --watch --env-file=.env main.js' })],
    ['bun', 'package.json', packageWith({}, { dev: 'bun run main.ts' })],
    ['docker', 'package.json', packageWith({}, { up: 'docker run --rm --env-file .env shop' })],
    ['shell', 'package.json', packageWith({}, { dev: 'set -a; . ./.env; exec main' })],
    ['bun', 'bun.lock', '{}'],
    ['deno', 'deno.json', '{}'],
    ['python-dotenv', 'requirements.txt', 'fastapi\npython-dotenv==1.1.0\n'],
    ['python-dotenv', 'pyproject.toml', '[project]\ndependencies = [\n  "pydantic-settings>=2",\n]\n'],
    ['honcho', 'requirements-dev.txt', 'honcho\n'],
    ['ruby-dotenv', 'Gemfile', 'gem "dotenv-rails"\n'],
    ['foreman', 'Gemfile', "gem 'foreman'\n"],
    ['phpdotenv', 'composer.json', '{ "require": { "laravel/framework": "^12" } }'],
    ['symfony', 'composer.json', '{ "require": { "symfony/dotenv": "^7" } }'],
    ['godotenv', 'go.mod', 'module shop\n\nrequire github.com/joho/godotenv v1.5.1\n'],
    ['dotenvy', 'Cargo.toml', '[dependencies]\ndotenvy = "0.15"\n'],
    ['direnv', '.envrc', 'dotenv\n'],
    ['compose', 'compose.yaml', 'services:\n  web:\n    env_file: .env\n'],
    ['compose', 'docker-compose.override.yml', 'services:\n  web:\n    image: shop:${TAG}\n'],
    ['systemd', 'deploy/shop.service', '[Service]\nEnvironmentFile=/srv/shop/.env\n'],
  ];
  it.each(cases)('%s: %s', (reader, file, text) => {
    const target = file.startsWith('deploy/') ? 'deploy/.env' : '.env';
    expect(detected({ [file]: text }, target)).toEqual([reader]);
  });

  it('together with others', () => {
    const files = {
      'package.json': packageWith({ next: '16' }),
      'compose.yaml': 'services: { db: { env_file: [.env] } }',
    };
    expect(detected(files).toSorted()).toEqual(['compose', 'next']);
  });

  it('of a file in a package of a monorepo, from the package and the root', () => {
    const files = {
      'package.json': packageWith({ dotenv: '17' }),
      'apps/web/package.json': packageWith({ vite: '8' }),
      'apps/api/package.json': packageWith({ next: '16' }),
    };
    expect(detected(files, 'apps/web/.env').toSorted()).toEqual(['dotenv', 'vite']);
  });

  it('of a file above its own, because it looks upwards', () => {
    const files = {
      'package.json': packageWith({ dotenv: '17' }),
      'worker/requirements.txt': 'python-dotenv==1.1.0\n',
      'services/mail/Gemfile': 'gem "dotenv"\n',
      'deploy/compose.yaml': 'services: { db: { env_file: [../.env] } }',
    };
    const expected = ['compose', 'dotenv', 'python-dotenv', 'ruby-dotenv'];
    expect(detected(files).toSorted()).toEqual(expected);
  });

  it('of a file in a package, from what is below the package, and not from the one beside it', () => {
    const files = {
      'apps/web/package.json': packageWith({ vite: '8' }),
      'apps/web/scripts/requirements.txt': 'honcho\n',
      'apps/api/go.mod': 'require github.com/joho/godotenv v1.5.1\n',
    };
    expect(detected(files, 'apps/web/.env').toSorted()).toEqual(['honcho', 'vite']);
  });

  it('and says which file told it, the nearest', () => {
    const root = tempFolder();
    const next = packageWith({ next: '16' });
    for (const folder of ['.', 'apps', 'apps/web', 'apps/web/ui']) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, 'package.json'), next);
    }
    writeFileSync(join(root, 'apps/web/ui/requirements.txt'), 'honcho\n');
    const because = (target: string): readonly string[] => detectReaders(root, join(root, target)).because;
    expect(because('.env')).toEqual(['package.json: next']);
    expect(because('apps/web/.env')).toEqual([
      'apps/web/package.json: next',
      'apps/web/ui/requirements.txt: honcho',
    ]);
    expect(because('apps/none/.env')).toEqual(['apps/package.json: next']);
  });
});

describe('nothing is told', () => {
  it.each([
    ['by an empty folder', {}],
    [
      'by a package that only sounds like it',
      { 'package.json': packageWith({ 'next-auth-x': '1', dotenvious: '1' }) },
    ],
    ['by a name outside the dependencies', { 'package.json': '{ "name": "dotenv", "keywords": ["vite"] }' }],
    ['by a requirement that only begins like it', { 'requirements.txt': 'honcho-extras\n# python-dotenv\n' }],
    [
      'by a compose file without a variable and env_file',
      { 'compose.yaml': 'services: { db: { image: x } }' },
    ],
    ['by a file that is no text', { 'package.json': '\u0000' }],
  ])('%s', (_, files) => {
    expect(detected(files as Record<string, string>)).toEqual([]);
  });

  it('by a compose file whose env_file is another', () => {
    expect(detected({ 'compose.yaml': 'services: { db: { env_file: db.env } }' }, '.env.local')).toEqual([]);
  });

  it('by a folder that is not there', () => {
    expect(detected({}, 'apps/new/.env')).toEqual([]);
  });

  it.each(
    [
      'a/b/c',
      'node_modules/x',
      'vendor',
      'dist',
      'build',
      'target',
      '.venv',
      'venv/lib',
      '.cache',
      'a/dist',
    ].map((folder) => [folder]),
  )('by a folder below that is too deep or holds what others wrote: %s', (folder) => {
    expect(detected({ [`${folder}/package.json`]: packageWith({ next: '16' }) })).toEqual([]);
  });

  it.each([
    ['a repository', 'sub/.git/HEAD'],
    ['a submodule or a linked work tree', 'sub/.git'],
  ])('by %s below', (_, git) => {
    const files = { [git]: '', 'sub/package.json': packageWith({ next: '16' }), 'sub/deep/bun.lock': '' };
    expect(detected(files)).toEqual([]);
  });

  it('by what is behind a link', () => {
    const [root, elsewhere] = [tempFolder(), tempFolder()];
    writeFileSync(join(elsewhere, 'package.json'), packageWith({ next: '16' }));
    symlinkSync(elsewhere, join(root, 'linked'));
    expect(detectReaders(root, join(root, '.env')).readers).toEqual([]);
  });

  it('by the 201st folder below, nor by a file of over 1 MiB', () => {
    const next = packageWith({ next: '16' });
    const many = Array.from({ length: 200 }, (_, i) => [`d${String(i).padStart(3, '0')}/x`, ''] as const);
    expect(detected({ ...Object.fromEntries(many), 'e/package.json': next })).toEqual([]);
    expect(detected({ ...Object.fromEntries(many.slice(1)), 'e/package.json': next })).toEqual(['next']);
    expect(detected({ 'e/package.json': next.padEnd(1024 * 1024 + 1) })).toEqual([]);
  });

  it('by files above the repository', () => {
    const root = tempFolder();
    mkdirSync(join(root, 'repository'));
    writeFileSync(join(root, 'package.json'), packageWith({ next: '16' }));
    const repository = join(root, 'repository');
    expect(detectReaders(repository, join(repository, '.env')).readers).toEqual([]);
  });
});
