import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { copiesFile } from '../../../src/exposure/dockerfile.ts';
import { dockerignoreLine, isLeftOut, readDockerignore } from '../../../src/exposure/dockerignore.ts';
import { shippedBy } from '../../../src/exposure/shipped.ts';
import { tempFolder } from '../temp-folder.ts';

let root: string;

beforeEach(() => {
  root = tempFolder();
});

const put = (path: string, text: string): string => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return join(root, path);
};

describe('.dockerignore', () => {
  interface Case {
    readonly ignore: string;
    readonly file: string;
    readonly out: boolean;
  }
  const { cases } = JSON.parse(readFileSync('test/vectors/dockerignore.json', 'utf8')) as { cases: Case[] };

  it(`leaves out what Docker's own matcher does, in ${cases.length} cases`, () => {
    expect(cases.length).toBeGreaterThan(1000);
    const wrong = cases.filter(({ ignore, file, out }) => isLeftOut(readDockerignore(ignore), file) !== out);
    expect(wrong).toEqual([]);
  });

  it('leaves out a file of any name by the line that is proposed', () => {
    for (const name of [
      '.env',
      'a b',
      '#x',
      '!x',
      'a*b',
      'a?',
      '[x].env',
      'back\\slash',
      'apps/web/.env.local',
    ]) {
      const text = `!**/.env*\n${dockerignoreLine(name)}\n`;
      expect(isLeftOut(readDockerignore(text), name), name).toBe(true);
    }
    expect(isLeftOut(readDockerignore(dockerignoreLine('a*b')), 'axb')).toBe(false);
  });
});

describe('a Dockerfile', () => {
  it.each([
    'COPY . .',
    'copy ./ /app',
    'ADD / /app',
    'COPY --chown=node:node --link . /app',
    'COPY ["apps", "/app"]',
    'COPY package.json apps/web /app/',
    'COPY apps/*/.env* /app/',
    'COPY a \\\n  # of ours\n  apps/web/.env \\\n  /app/',
    '# escape=`\nCOPY a `\n  . /app',
    'ONBUILD COPY . /app',
    'COPY $SOURCE /app',
    'COPY ../apps/web /app',
  ])('copies the file: %j', (text) => {
    expect(copiesFile(`FROM node\n${text}\nRUN true\n`, 'apps/web/.env')).toBe(true);
  });

  it.each([
    '# COPY . .',
    'RUN cp . .',
    'COPY --from=build . /app',
    'COPY package.json package-lock.json ./',
    'COPY apps/api apps/web/src /app/',
    'COPY *.env apps/web/*.json ./',
    'ADD https://example.com/x.tar /x',
    'COPY <<EOF /etc/x\n. .\nEOF',
    'WORKDIR /app\nCOPY',
  ])('does not copy it: %j', (text) => {
    expect(copiesFile(`FROM node\n${text}\n`, 'apps/web/.env')).toBe(false);
  });
});

describe('an image', () => {
  it('is told of, with the line to add, until that line is there', async () => {
    const file = put('apps/web/.env', '');
    put('Dockerfile', 'FROM node\nCOPY . .\n');
    put('apps/web/web.Containerfile', 'FROM node\nCOPY . .\n');
    put('.dockerignore', '.env\n');
    const found = await shippedBy(file, root);
    expect(found.map(({ text }) => text)).toEqual([
      `.env would be in every image that is built from ${join(root, 'apps/web/web.Containerfile')}`,
      `.env would be in every image that is built from ${join(root, 'Dockerfile')}`,
    ]);
    for (const { hint } of found) execFileSync('sh', ['-c', hint]);
    expect(readFileSync(join(root, '.dockerignore'), 'utf8')).toBe('.env\n/apps/web/.env\n');
    expect(await shippedBy(file, root)).toEqual([]);
  });

  it('has an ignore file of its own, which counts alone', async () => {
    const file = put('.env', '');
    put('Dockerfile.dev', 'FROM node\nCOPY . .\n');
    put('.dockerignore', '.env\n');
    expect(await shippedBy(file, root)).toEqual([]);
    put('Dockerfile.dev.dockerignore', 'dist\n');
    expect((await shippedBy(file, root)).map(({ hint }) => hint)).toEqual([
      `echo '/.env' >> '${join(root, 'Dockerfile.dev.dockerignore')}'`,
    ]);
  });

  it('is told of although its files are not UTF-8', async () => {
    const file = put('.env', '');
    writeFileSync(join(root, 'Dockerfile'), Buffer.from('# caf\xe9\nFROM node\nCOPY . .\n', 'latin1'));
    expect(await shippedBy(file, root)).toHaveLength(1);
    writeFileSync(join(root, '.dockerignore'), Buffer.from('# caf\xe9\n.env\n', 'latin1'));
    expect(await shippedBy(file, root)).toEqual([]);
  });

  it('that is built outside the repository is not looked for', async () => {
    put('Dockerfile', 'FROM node\nCOPY . .\n');
    expect(await shippedBy(put('repo/.env', ''), join(root, 'repo'))).toEqual([]);
  });
});

describe('an npm package', () => {
  interface Scene {
    readonly file: string;
    readonly manifest?: object;
    readonly others?: Readonly<Record<string, string>>;
  }
  const scenes: readonly Scene[] = [
    { file: '.env' },
    { file: 'conf/.env' },
    { file: '.env', others: { '.gitignore': '.env\n' } },
    { file: 'conf/.env', others: { '.gitignore': '.env*\n' } },
    { file: 'conf/.env', others: { '.gitignore': '/.env\n' } },
    { file: 'conf/.env', others: { '.gitignore': 'conf\n' } },
    { file: 'conf/.env', others: { '.gitignore': 'conf/\n!conf/.env\n' } },
    { file: 'conf/.env', others: { '.gitignore': 'conf/*\n!conf/.env\n' } },
    { file: 'conf/.env', others: { '.gitignore': '.env\n', 'conf/.gitignore': '!.env\n' } },
    { file: 'conf/.env', others: { 'conf/.gitignore': '.env\n' } },
    { file: 'conf/.env', others: { 'conf/.npmignore': 'x\n', 'conf/.gitignore': '.env\n' } },
    { file: '.env', others: { '.gitignore': '.env\n', '.npmignore': 'test\n' } },
    { file: '.env', others: { '.npmignore': '*\n!index.js\n' } },
    { file: '.env', others: { '.npmignore': '# .env\n\n  .ENV  \n' } },
    { file: '.env.local', others: { '.npmignore': '.env{,.*}\n' } },
    { file: '.env', manifest: { files: ['dist'] } },
    { file: '.env', manifest: { files: ['*'] } },
    { file: '.env', manifest: { files: ['.'] } },
    { file: '.env', manifest: { files: ['.env'] }, others: { '.gitignore': '.env\n' } },
    { file: 'dist/.env', manifest: { files: ['dist'] } },
    { file: 'dist/.env', manifest: { files: ['./dist'] }, others: { '.npmignore': '.env\n' } },
    { file: 'dist/.env', manifest: { files: ['dist/*'] }, others: { 'dist/.npmignore': '.env\n' } },
    { file: 'dist/.env', manifest: { files: ['dist/.env'] }, others: { 'dist/.npmignore': '.env\n' } },
    { file: 'dist/a/.env', manifest: { files: ['dist/a/.env'] }, others: { 'dist/a/.npmignore': '.env\n' } },
    { file: 'dist/a/.env', manifest: { files: ['dist/**/*.js'] } },
    { file: 'dist/a/.env', manifest: { files: ['dist/**'] } },
    { file: 'dist/.env', manifest: { files: ['dist', '!.env'] } },
    { file: 'dist/.env', manifest: { files: ['dist', '!/dist/.env'] } },
    { file: 'dist/.env', manifest: { files: ['dist', '!dist/.env*'] } },
    { file: '.env', manifest: { files: ['*', '!/.env'] } },
    { file: 'dist/a/.env', manifest: { files: ['dist', '!/dist/a/.env'] } },
    { file: '.env', manifest: { files: ['**/.env*'] } },
    { file: 'a/b/.env', manifest: { files: ['.env*'] } },
    { file: 'a/b/.env', manifest: { files: ['/.env*'] } },
    {
      file: 'a/b/.env',
      manifest: { files: ['a'] },
      others: { 'a/.npmignore': 'b\n', 'a/b/.npmignore': '!.env\n' },
    },
    { file: 'node_modules/x/.env', manifest: { files: ['*'] } },
    { file: '.env', manifest: { files: [] } },
    { file: 'packages/a/.env', others: { 'packages/a/package.json': '{ "name": "a", "private": true }' } },
  ];

  it(`is told of where npm would pack the file, and only there, in ${scenes.length} scenes`, async () => {
    const folders = scenes.map(({ file, manifest, others = {} }, i) => {
      put(`${i}/${file}`, 'A=1');
      put(`${i}/index.js`, '');
      for (const [path, text] of Object.entries(others)) put(`${i}/${path}`, text);
      put(`${i}/package.json`, JSON.stringify({ name: `p${i}`, version: '1.0.0', ...manifest }));
      return join(root, String(i));
    });
    const packed = packedBy(folders);
    const told = await Promise.all(
      scenes.map(({ file }, i) => shippedBy(join(folders[i]!, file), folders[i]!)),
    );
    const found = told.map((one, i) => [scenes[i], one.length > 0]);
    expect(found).toEqual(scenes.map((scene, i) => [scene, packed[i]!.includes(scene.file)]));
    expect(new Set(told.map((one) => one.length))).toEqual(new Set([0, 1]));
  }, 60_000);

  it('is told of with the line to add, until that line is there', async () => {
    const file = put('packages/a/.env', 'A=1');
    put('.gitignore', '/packages/a/.env\n');
    put('packages/a/package.json', '{ "name": "@x/a", "version": "1.0.0" }');
    const [found] = await shippedBy(file, root);
    expect(found?.text).toBe('.env would be published with the npm package "@x/a"');
    execFileSync('sh', ['-c', found!.hint]);
    expect(await shippedBy(file, root)).toEqual([]);
    expect(packedBy([dirname(file)])).toEqual([expect.not.arrayContaining(['.env'])]);
    put('packages/a/package.json', '{ "name": "@x/a", "version": "1.0.0", "files": ["*"] }');
    const [other] = await shippedBy(file, root);
    expect(other?.hint).toBe(`add "!/.env" to "files" in ${join(root, 'packages/a/package.json')}`);
    put('packages/a/package.json', '{ "name": "@x/a", "version": "1.0.0", "files": ["*", "!/.env"] }');
    expect(await shippedBy(file, root)).toEqual([]);
    expect(packedBy([dirname(file)])).toEqual([expect.not.arrayContaining(['.env'])]);
  }, 60_000);

  it('is nothing to tell of where it is private, or no package', async () => {
    put('package.json', '{ "private": true }');
    expect(await shippedBy(put('.env', ''), root)).toEqual([]);
    put('package.json', '{ not json');
    expect(await shippedBy(join(root, '.env'), root)).toEqual([]);
  });

  it('that is a workspace is ruled by the ignore files above it, too, and is no part of its owner', async () => {
    put('package.json', '{ "name": "all", "version": "1.0.0", "workspaces": ["packages/*"] }');
    for (const name of ['a', 'b']) {
      put(`packages/${name}/package.json`, JSON.stringify({ name, version: '1.0.0' }));
      put(`packages/${name}/.env`, 'A=1');
    }
    put('packages/b/.env.local', 'A=1');
    put('.gitignore', '/packages/a/.env\n.env.local\n');
    const npm = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json', '--workspaces', '--include-workspace-root'], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ) as object;
    const packed = Object.fromEntries(
      (Object.values(npm) as Packed[]).map(({ name, files }) => [
        name,
        files.map(({ path }) => path).toSorted(),
      ]),
    );
    expect(packed).toEqual({
      all: ['package.json'],
      a: ['.env', 'package.json'],
      b: ['.env', 'package.json'],
    });
    const told = async (path: string): Promise<string[]> =>
      (await shippedBy(join(root, path), root)).map(({ text }) => /"(.*)"/.exec(text)![1]!);
    expect(await told('packages/a/.env')).toEqual(['a']);
    expect(await told('packages/b/.env')).toEqual(['b']);
    expect(await told('packages/b/.env.local')).toEqual([]);
  }, 60_000);
});

interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string }[];
}

/** The files that npm itself would pack, package by package. */
function packedBy(folders: readonly string[]): string[][] {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', ...folders], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packed = Object.values(JSON.parse(text) as object) as Packed[];
  return packed.map(({ files }) => files.map(({ path }) => path));
}

describe('what is no plain file, or has no end', () => {
  const names = ['package.json', 'Dockerfile', '.dockerignore', '.npmignore', '.gitignore'];

  it('is not read: a device, a pipe, a file of over 1 MiB', async () => {
    const file = put('.env', '');
    for (const name of names) symlinkSync('/dev/zero', join(root, name));
    expect(await shippedBy(file, root)).toEqual([]);
    for (const name of names) rmSync(join(root, name));
    for (const name of names) execFileSync('mkfifo', [join(root, name)]);
    expect(await shippedBy(file, root)).toEqual([]);
    for (const name of names) rmSync(join(root, name));
    put('package.json', `{ "name": "x"${' '.repeat(1024 * 1024)}}`);
    expect(await shippedBy(file, root)).toEqual([]);
  }, 10_000);
});
